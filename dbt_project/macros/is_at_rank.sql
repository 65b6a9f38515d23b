{# Whether a row stands at the nearest rank of a quantile, in hundredths: row ceil(q * n) of n, nothing between two values. #}
{% macro is_at_rank(quantile, place, n) -%}
    (
        {{ place }} * 100 >= {{ quantile }} * {{ n }}
        and ({{ place }} - 1) * 100 < {{ quantile }} * {{ n }}
    )
{%- endmacro %}
