{# Whether a union of teams may stand behind one number: enough recent contributors (r), enough contributors (n), and no share too large. #}
{% macro is_safe() -%}
    {%- set policy = var("policy") -%}
    (
        r >= {{ policy["k"] + policy["roster_margin"] }}
        and n >= {{ policy["k"] }}
        and {{ shares_hold() }}
    )
{%- endmacro %}
