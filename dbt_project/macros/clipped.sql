{# What a person counts for: the value up to the clip, in hundredths, since the ladder has steps of 1.25; integers add up in any order alike. #}
{% macro clipped(value, clip) -%}
    case
        when {{ value }} > {{ clip }}
        then cast(round({{ clip }} * 100) as bigint)
        else {{ value }} * 100
    end
{%- endmacro %}
