{# The word that keeps a planner from taking a common table expression apart, where the database has one. #}
{% macro materialized() -%}
    {{ return(adapter.dispatch("materialized", "quorum")()) }}
{%- endmacro %}

{% macro default__materialized() -%} {%- endmacro %}

{% macro duckdb__materialized() -%} materialized {%- endmacro %}
