{#
    An amount on the ladder of its unit, up to 10000 of them: seconds as hours, or as minutes, from 0.1 on; lines from 1 on. The nearest step in log
    terms: between the neighbours a < b the border is sqrt(a * b), which goes up. The border is turned into whole amounts when the model is
    compiled: with u of them in a unit, the least s with s * s >= a * b * u * u.
#}
{% macro snap(amount, unit) %}
    {% set size = {"hours": 3600, "minutes": 60, "lines": 1}[unit] %}
    {% set steps = ladder(0 if unit == "lines" else -1, 4) %}
    case
        when {{ amount }} is null
        then null
        {% for upper in steps[1:] | reverse %}
                {% set lower = steps[steps | length - 2 - loop.index0] %}
                {% set square = lower * upper * size * size %}
                {% set root = ((square**0.5) / 1000) | int %}
                {% set border = root if root * root * 1000000 >= square else root + 1 %}
            when {{ amount }} >= {{ border }}
            then cast({{ upper / 1000 }} as double)
        {% endfor %}
        else cast({{ steps[0] / 1000 }} as double)
    end
{% endmacro %}
