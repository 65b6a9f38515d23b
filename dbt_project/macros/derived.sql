{#
    The tables that are worked out of what another one publishes, each with the one that it rests on: no basis of their own, and nobody behind
    them but the people behind that one. Such a table is there when its source is.
#}
{% macro derived() %}
    {% set known = {"team_bottlenecks": "team_delivery"} %}
    {% set present = {} %}
    {% for table, source in known.items() if source in bases() %}
        {% do present.update({table: source}) %}
    {% endfor %}
    {{ return(present) }}
{% endmacro %}
