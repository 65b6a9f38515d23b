{# The CTE `inner_units`: the organisation (distance 0) and its groups with their distance from it, as deep as the var `depth`. #}
{% macro inner_units(units) %}
    inner0 as (
        select period_start, unit_id, parent_id, 0 as distance
        from {{ units }}
        where unit_level = 'org'
    ),
    {% for distance in range(1, var("depth") + 1) %}
        inner{{ distance }} as (
            select
                units.period_start,
                units.unit_id,
                units.parent_id,
                {{ distance }} as distance
            from {{ units }} as units
            join
                inner{{ distance - 1 }} as above
                on above.period_start = units.period_start
                and above.unit_id = units.parent_id
            where units.unit_level = 'group'
        ),
    {% endfor %}
    inner_units as (
        {% for distance in range(0, var("depth") + 1) %}
            select period_start, unit_id, parent_id, distance
            from inner{{ distance }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )
{% endmacro %}
