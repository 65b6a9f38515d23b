{# The least of the given thousandths that is not below the value, as a plain number; NULL beyond the last. #}
{% macro snap_up(value, steps, type) %}
    case
        {% for step in steps %}
            when {{ value }} * 1000 <= {{ step }}
            then
                cast(
                    {{ step // 1000 if step % 1000 == 0 else step / 1000 }}
                    as {{ type }}
                )
        {% endfor %}
    end
{% endmacro %}
