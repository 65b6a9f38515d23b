{# When work on a task began: its first entry into progress; its creation, where it was left before it was ever entered; NULL if it never was. #}
{% macro work_began(entered_at, left_at, created_at) -%}
    case
        when {{ entered_at }} <= {{ left_at }} or {{ left_at }} is null
        then {{ entered_at }}
        else {{ created_at }}
    end
{%- endmacro %}
