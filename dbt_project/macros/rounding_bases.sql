{# 10, 25, 50, 100, 250, 500 … from the policy's least base on, in thousandths. #}
{% macro rounding_bases() %}
    {% set bases = [] %}
    {% for exponent in range(1, 9) %}
        {% for step in [1000, 2500, 5000] %}
            {% if step * 10**exponent >= var("policy")["base"] * 1000 %}
                {% do bases.append(step * 10**exponent) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {{ return(bases) }}
{% endmacro %}
