{#
    Seconds as hours on the ladder, from 0.1 to 10000. The nearest step in log terms: between the neighbours a < b the border is sqrt(a * b),
    which goes up. The border is turned into whole seconds when the model is compiled: the least s with s * s >= a * b * 3600 * 3600.
#}
{% macro snap_hours(seconds) %}
    {% set steps = ladder(-1, 4) %}
    case
        when {{ seconds }} is null
        then null
        {% for upper in steps[1:] | reverse %}
                {% set lower = steps[steps | length - 2 - loop.index0] %}
                {% set square = lower * upper * 1296 // 100 %}
                {% set root = (square**0.5) | int %}
                {% set border = root if root * root >= square else root + 1 %}
            when {{ seconds }} >= {{ border }}
            then cast({{ upper / 1000 }} as double)
        {% endfor %}
        else cast({{ steps[0] / 1000 }} as double)
    end
{% endmacro %}
