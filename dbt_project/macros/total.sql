{# The sum of integers as BIGINT. DuckDB sums into a wider type, whose cast back could fail and tell a value: there it becomes NULL instead. #}
{% macro total(expression) -%}
    {{ return(adapter.dispatch("total", "quorum")(expression)) }}
{%- endmacro %}

{% macro default__total(expression) -%} sum({{ expression }}) {%- endmacro %}

{% macro duckdb__total(expression) -%}
    try_cast(sum({{ expression }}) as bigint)
{%- endmacro %}
