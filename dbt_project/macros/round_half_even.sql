{# How often the step goes into the value, rounded half to even; times the step it is the rounded value. Integers only, none negative. #}
{% macro round_half_even(value, step) -%}
    (
        {{ integer_division(value, step) }} + case
            when 2 * mod({{ value }}, {{ step }}) > {{ step }}
            then 1
            when 2 * mod({{ value }}, {{ step }}) = {{ step }}
            then mod({{ integer_division(value, step) }}, 2)
            else 0
        end
    )
{%- endmacro %}
