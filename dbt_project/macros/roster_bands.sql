{# The CTE `bands`: how many people each row of the grid has on its roster at the block's start. A rest that does not exist has nobody. #}
{% macro roster_bands() %}
    headcounts as (
        select members.period_start, members.team_id, count(*) as people
        from {{ ref("int_members") }} as members
        join periods on periods.period_start = members.period_start
        group by members.period_start, members.team_id
    ),
    below as (
        select period_start, unit_id, unit_id as team_id
        from units
        where unit_level = 'team'
        union all
        select period_start, unit_id, team_id
        from ancestry
        union all
        select period_start, atom_id as unit_id, team_id
        from atoms
        where atom_id <> team_id
    ),
    bands as (
        select
            grid.period_start,
            grid.unit_id,
            {{ size_band("coalesce(sum(headcounts.people), 0)") }} as size_band
        from grid
        left join
            below
            on below.period_start = grid.period_start
            and below.unit_id = grid.unit_id
        left join
            headcounts
            on headcounts.period_start = below.period_start
            and headcounts.team_id = below.team_id
        group by grid.period_start, grid.unit_id
    )
{% endmacro %}
