{# Whole seconds from one time to a later one; NULL when the later one is earlier: a negative duration is a fault of the data, not a zero. #}
{% macro seconds_between(earlier, later) -%}
    {{ return(adapter.dispatch("seconds_between", "quorum")(earlier, later)) }}
{%- endmacro %}

{% macro default__seconds_between(earlier, later) -%}
    case
        when {{ later }} >= {{ earlier }}
        then unix_timestamp({{ later }}) - unix_timestamp({{ earlier }})
    end
{%- endmacro %}

{% macro duckdb__seconds_between(earlier, later) -%}
    case
        when {{ later }} >= {{ earlier }}
        then date_diff('second', {{ earlier }}, {{ later }})
    end
{%- endmacro %}
