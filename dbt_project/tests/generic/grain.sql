{# The columns are a key: none is NULL and no combination occurs twice. Tells how often it fails, never where. #}
{% test grain(model, columns) %}
    select 1 as violation
    from {{ model }}
    group by {{ columns | join(", ") }}
    having count(*) > 1 {% for column in columns %} or {{ column }} is null {% endfor %}
{% endtest %}
