{{ config(unique_key=["table_name", "period_start"]) }}
select atoms.table_name, atoms.period_start, atoms.atom_id as unit_id, atoms.team_id
from {{ ref("int_atoms") }} as atoms
join
    {{ ref("int_periods") }} as periods
    on periods.table_name = atoms.table_name
    and periods.period_start = atoms.period_start
where atoms.atom_id is not null
