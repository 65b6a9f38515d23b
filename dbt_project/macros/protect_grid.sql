{#
    CTEs of a twin: `periods`, `units` and `atoms` of the table; `ancestry`, every unit above a team; `grid`, every row there has to be;
    `standing`, the atoms below each row: its own, and all that lie wholly below it. A rest counts for the unit it was made in and those above.
#}
{% macro protect_grid(table_name) %}
    periods as (
        select period_start, period_end, iso_year
        from {{ ref("int_periods") }}
        where table_name = '{{ table_name }}'
    ),
    units as (
        select units.period_start, units.unit_id, units.parent_id, units.unit_level
        from {{ ref("int_units") }} as units
        join periods on periods.period_start = units.period_start
    ),
    {{ inner_units("units") }},
    {{ ancestry("units") }},
    atoms as (
        select period_start, team_id, atom_id, recent_people
        from {{ ref("int_atoms") }}
        where
            table_name = '{{ table_name }}'
            and atom_id is not null
            and period_start in (select periods.period_start from periods)
    ),
    grid as (
        select period_start, unit_id, unit_level
        from units
        union all
        select period_start, 'rest:' || unit_id as unit_id, 'rest' as unit_level
        from units
        where unit_level = 'group'
        union all
        select distinct period_start, 'rest:org' as unit_id, 'rest' as unit_level
        from units
    ),
    standing as (
        select period_start, atom_id as unit_id, atom_id
        from atoms
        union
        select atoms.period_start, ancestry.unit_id, atoms.atom_id
        from atoms
        join
            ancestry
            on ancestry.period_start = atoms.period_start
            and ancestry.team_id = atoms.team_id
        left join
            inner_units as homes
            on homes.period_start = atoms.period_start
            and 'rest:' || homes.unit_id = atoms.atom_id
        where
            atoms.atom_id = atoms.team_id
            or ancestry.distance <= coalesce(homes.distance, 0)
    )
{% endmacro %}
