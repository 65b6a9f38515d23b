{#
    The columns are a key: none is NULL and no combination occurs twice. `within` names a relation with the periods that are looked at: rows
    that are sealed were looked at on their night. Tells how often it fails, never where.
#}
{% test grain(model, columns, within=none) %}
    select 1 as violation
    from {{ model }}
    {% if within %}
        where
            period_start
            in (select candidates.period_start from {{ within }} as candidates)
    {% endif %}
    group by {{ columns | join(", ") }}
    having count(*) > 1 {% for column in columns %} or {{ column }} is null {% endfor %}
{% endtest %}
