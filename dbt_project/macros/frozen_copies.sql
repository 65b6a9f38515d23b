{# The rows of a frozen model for the periods that repeat their block (freezing): none on the first night. #}
{% macro frozen_copies(columns) %}
    {% if is_incremental() %}
        union all
        select
            repeated.period_start
            {% for column in columns %}, frozen.{{ column }} {% endfor %}
        from repeated
        join {{ this }} as frozen on frozen.period_start = repeated.frozen_start
    {% endif %}
{% endmacro %}
