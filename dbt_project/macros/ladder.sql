{# The ladder 1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8 times powers of ten, in thousandths: integers, so that no comparison hangs on a float. #}
{% macro ladder(first_exponent, last_exponent) %}
    {% set steps = [1000, 1250, 1600, 2000, 2500, 3200, 4000, 5000, 6300, 8000] %}
    {% set values = [] %}
    {% for exponent in range(first_exponent, last_exponent) %}
        {% for step in steps %}
            {% if exponent < 0 %} {% do values.append(step // (10 ** (-exponent))) %}
            {% else %} {% do values.append(step * 10**exponent) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {% if last_exponent < 0 %} {% do values.append(1000 // (10 ** (-last_exponent))) %}
    {% else %} {% do values.append(1000 * 10**last_exponent) %}
    {% endif %}
    {{ return(values) }}
{% endmacro %}
