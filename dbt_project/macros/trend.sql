{# Whether one published sum of a row is larger than another by over a quarter of it, or smaller, in a word; NULL when they are withheld. #}
{% macro trend(more, less) -%}
    case
        when 4 * {{ more }} > 5 * {{ less }}
        then 'grows'
        when 4 * {{ less }} > 5 * {{ more }}
        then 'shrinks'
        when {{ more }} is not null
        then 'steady'
    end
{%- endmacro %}
