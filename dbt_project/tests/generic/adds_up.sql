{#
    The parts of a row add up to the whole; what is NULL counts as nothing. `within` as of `grain`. Tells how often they do not, never where.
#}
{% test adds_up(model, whole, parts, within) %}
    select 1 as violation
    from {{ model }}
    where
        period_start in (select candidates.period_start from {{ within }} as candidates)
        and coalesce({{ whole }}, 0) <> {% for part in parts %}
            coalesce({{ part }}, 0){% if not loop.last %} + {% endif %}
        {% endfor %}
{% endtest %}
