{#
    Whether the nearest rank of a quantile, in hundredths, is among the last `width` rows up to this place: row ceil(q * n) of n, nothing between
    two values.
#}
{% macro is_at_rank(quantile, place, n, width=1) -%}
    (
        {{ place }} * 100 >= {{ quantile }} * {{ n }}
        and ({{ place }} - {{ width }}) * 100 < {{ quantile }} * {{ n }}
    )
{%- endmacro %}
