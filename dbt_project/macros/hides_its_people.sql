{# Whether a total with so many contributors (n) hides each of them: enough, and no share too large. #}
{% macro hides_its_people() -%}
    (n >= {{ var("policy")["k"] }} and {{ shares_hold() }})
{%- endmacro %}
