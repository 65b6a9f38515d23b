{# The CTE `<name>_columns`: the values of `protect_shares` side by side, one row a unit; the last column is of all others together. #}
{% macro share_columns(name, stages, others) %}
    {{ name }}_columns as (
        select
            period_start,
            unit_id,
            {% for stage in stages if "column" in stage %}
                max(
                    case when part = {{ loop.index }} then value end
                ) as {{ stage["column"] }},
            {% endfor %}
            max(
                case when part = {{ stages | length + 1 }} then value end
            ) as {{ others }}
        from {{ name }}_values
        group by period_start, unit_id
    )
{% endmacro %}
