{# The parts of a row add up to the whole; what is NULL counts as nothing. Tells how often they do not, never where. #}
{% test adds_up(model, whole, parts) %}
    select 1 as violation
    from {{ model }}
    where
        coalesce({{ whole }}, 0) <> {% for part in parts %}
            coalesce({{ part }}, 0){% if not loop.last %} + {% endif %}
        {% endfor %}
{% endtest %}
