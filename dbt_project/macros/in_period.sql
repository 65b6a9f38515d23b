{# Whether a time lies in a period: from its first day to the end of its last. #}
{% macro in_period(at, period) -%}
    {{ at }} >= {{ period }}.period_start
    and {{ at }} < {{ period }}.period_end + interval 1 day
{%- endmacro %}
