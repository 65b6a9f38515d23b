{# 1, 5, 10, 25, 50, 100, 250, 500 … from the policy's least base on, in thousandths. #}
{% macro rounding_bases() %}
    {% set bases = [] %}
    {% for exponent in range(0, 9) %}
        {% for step in [1000, 2500, 5000] %}
            {% set base = step * 10**exponent %}
            {% if base % 1000 == 0 and base >= var("policy")["base"] * 1000 %}
                {% do bases.append(base) %}
            {% endif %}
        {% endfor %}
    {% endfor %}
    {{ return(bases) }}
{% endmacro %}
