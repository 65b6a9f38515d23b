{# Nobody above the dominance share of the total (s), and two colluders left in the dark about the largest (x1, x2, x3). Integers only. #}
{% macro shares_hold() -%}
    {%- set policy = var("policy") -%}
    (
        x1 * 1000 <= {{ thousandths(policy["dominance"]) }} * s
        and (s - x1 - x2 - x3) * 1000 >= {{ thousandths(policy["p_percent"]) }} * x1
    )
{%- endmacro %}
