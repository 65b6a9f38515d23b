{#
    Whether a time is not before tonight's first candidate period, of a table or of all that have a basis: what is older counts in no number of tonight, however
    long the history.
#}
{% macro since_first_candidate(at, table_name=none) -%}
    {{ at }} >= (
        select min(starts_at)
        from {{ ref("int_periods") }}
        where
            {% if table_name %} table_name = '{{ table_name }}'
            {% else %} table_name in ('{{ bases().keys() | join("', '") }}')
            {% endif %}
    )
{%- endmacro %}
