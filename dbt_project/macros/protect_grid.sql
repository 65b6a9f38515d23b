{#
    CTEs of a twin: `periods`, `units` and `atoms` of the table; `grid`, every row there has to be; `standing`, the atoms below each row:
    its own, those of a group but for what went into the rest of the organisation, all of them for the organisation.
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
    atoms as (
        select
            atoms.period_start,
            atoms.team_id,
            atoms.atom_id,
            teams.parent_id as group_id
        from {{ ref("int_atoms") }} as atoms
        join
            units as teams
            on teams.period_start = atoms.period_start
            and teams.unit_id = atoms.team_id
        where atoms.table_name = '{{ table_name }}' and atoms.atom_id is not null
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
        select period_start, group_id as unit_id, atom_id
        from atoms
        where atom_id <> 'rest:org'
        union
        select atoms.period_start, roots.unit_id, atoms.atom_id
        from atoms
        join
            units as roots
            on roots.period_start = atoms.period_start
            and roots.unit_level = 'org'
    )
{% endmacro %}
