{# A share of the policy (0.5, 0.2) as whole thousandths, so that the rules are compared in integers. #}
{% macro thousandths(share) -%}
    {{ return((share * 1000) | round | int) }}
{%- endmacro %}
