{# The CTE `ancestry`, beside `inner_units`: every team with each unit above it, and how far that one is from the organisation. #}
{% macro ancestry(units) %}
    above0 as (
        select
            teams.period_start,
            teams.unit_id as team_id,
            parents.unit_id,
            parents.parent_id,
            parents.distance
        from {{ units }} as teams
        join
            inner_units as parents
            on parents.period_start = teams.period_start
            and parents.unit_id = teams.parent_id
        where teams.unit_level = 'team'
    ),
    {% for step in range(1, var("depth") + 1) %}
        above{{ step }} as (
            select
                below.period_start,
                below.team_id,
                parents.unit_id,
                parents.parent_id,
                parents.distance
            from above{{ step - 1 }} as below
            join
                inner_units as parents
                on parents.period_start = below.period_start
                and parents.unit_id = below.parent_id
        ),
    {% endfor %}
    ancestry as (
        {% for step in range(0, var("depth") + 1) %}
            select period_start, team_id, unit_id, distance
            from above{{ step }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )
{% endmacro %}
