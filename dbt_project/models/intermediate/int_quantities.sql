{% for table_name, basis in bases().items() %}
    {% set tables = loop %}
    {% for quantity in basis["quantities"] %}
        select '{{ table_name }}' as table_name, '{{ quantity }}' as quantity
        {% if not (loop.last and tables.last) %}
            union all
        {% endif %}
    {% endfor %}
{% endfor %}
