{# The whole quotient of two integers, none negative. (DuckDB's operator for it reads as a comment to sqlfmt.) #}
{% macro integer_division(numerator, denominator) -%}
    {{
        return(
            adapter.dispatch("integer_division", "quorum")(numerator, denominator)
        )
    }}
{%- endmacro %}

{% macro default__integer_division(numerator, denominator) -%}
    (({{ numerator }}) div({{ denominator }}))
{%- endmacro %}

{% macro duckdb__integer_division(numerator, denominator) -%}
    divide({{ numerator }}, {{ denominator }})
{%- endmacro %}
