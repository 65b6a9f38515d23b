{# How many people, as a band. #}
{% macro size_band(people) %}
    case
        when {{ people }} >= 50
        then '50+'
        when {{ people }} >= 20
        then '20-49'
        when {{ people }} >= 10
        then '10-19'
        when {{ people }} >= 6
        then '6-9'
        else 'under 6'
    end
{% endmacro %}
