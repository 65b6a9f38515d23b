{# Whether a time is not before tonight's first candidate period: what is older counts in no number of tonight, however long the history. #}
{% macro since_first_candidate(at) -%}
    {{ at }} >= (select min(period_start) from {{ ref("int_periods") }})
{%- endmacro %}
