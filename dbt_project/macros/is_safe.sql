{#
    Whether a union of teams may stand behind one number: enough recent contributors (r), enough contributors (n), no share too large, and no
    team made to isolate somebody: two teams that live (with a recent contributor) or one that lives and is old. A team alone has to be old.
#}
{% macro is_safe() -%}
    {%- set policy = var("policy") -%}
    (
        r >= {{ policy["k"] + policy["roster_margin"] }}
        and (live >= 2 or live_old >= 1)
        and {{ hides_its_people() }}
    )
{%- endmacro %}
