"""Evidence from the ledger: who stands behind every claimed atom, and how their work is spread.

One row an atom and quantity in `gate_safety`: roster, contributors, total and the three largest, clipped, in
hundredths. `gate_family` says which atoms each published row is made of. Nothing is taken from what dbt computed on
its way: constants, activity and age are worked out here.
"""

import duckdb

from expectations.ladder import base_for, clip_hundredths
from expectations.scope import Case, build, literal


def constants(case: Case) -> None:
    """Clip and base of each quantity and year, from the ledger of the year before, as `gate_constants`."""
    try:
        found = case.connection.execute(QUANTILES, [case.table.name]).fetchall()
    except duckdb.Error:
        return
    rows: list[tuple[object, ...]] = [
        (quantity, year + 1, clip_hundredths(at), base_for(at, case.policy.base)) for quantity, year, at in found
    ]
    build(case, [("gate_constants", literal(rows, "quantity varchar, iso_year bigint, clip bigint, base bigint"))])


def evidence(case: Case) -> "list[tuple[str, str]]":
    """The relations that prove atoms safe."""
    name = case.table.name
    wanted: list[tuple[object, ...]] = [
        (measure.evidence, measure.column, measure.roles[0].name) for measure in case.table.measures if measure.additive
    ]
    return [
        ("gate_quantities", literal(wanted, "quantity varchar, column_name varchar, role varchar")),
        ("gate_members", MEMBERS),
        ("gate_active", ACTIVE.format(name=name)),
        ("gate_atoms", ATOMS),
        ("gate_people", PEOPLE.format(name=name)),
        ("gate_safety", SAFETY),
        ("gate_family", FAMILY),
    ]


QUANTILES = """
with person_periods as (
    select l.quantity, c.iso_year, l.value
    from vault.intermediate.int_ledger as l
    join gate_calendar as c on c.period_start = l.period_start
    where l.table_name = ? and l.value > 0
),
ranked as (
    select *,
        row_number() over (partition by quantity, iso_year order by value) as position,
        count(*) over (partition by quantity, iso_year) as n
    from person_periods
)
select quantity, iso_year, value
from ranked cross join gate_policy
where n >= clip_person_periods and position = ceil(clip_quantile * n)::bigint
"""
MEMBERS = """
select distinct m.period_start, m.team_id, m.person_key
from vault.intermediate.int_members as m
join gate_periods as p on p.period_start = m.period_start
"""
ACTIVE = """
select distinct p.period_start, l.person_key
from gate_periods as p
cross join gate_policy as t
join gate_calendar as c on c.ordinal between p.ordinal - t.history_blocks and p.ordinal - 1
join vault.intermediate.int_ledger as l on l.period_start = c.period_start
where l.table_name = '{name}'
"""
ATOMS = """
with presence as (
    select p.period_start, u.unit_id, count(distinct u.period_start) as earlier
    from gate_periods as p
    join vault.intermediate.int_units as u on u.period_start < p.period_start and u.unit_level = 'team'
    group by p.period_start, u.unit_id
),
rosters as (
    select c.period_start, c.atom_id, count(distinct m.person_key) as roster
    from gate_cells as c
    join gate_members as m on m.period_start = c.period_start and m.team_id = c.team_id
    join gate_active as a on a.period_start = m.period_start and a.person_key = m.person_key
    group by c.period_start, c.atom_id
),
shapes as (
    select c.period_start, c.atom_id, count(*) as cells, count(distinct c.team_id) as leaves,
        count(l.team_id) as known, count(distinct l.group_id) as groups, min(l.group_id) as group_id,
        min(c.team_id) as only_team
    from gate_cells as c
    left join gate_leaves as l on l.period_start = c.period_start and l.team_id = c.team_id
    group by c.period_start, c.atom_id
)
select s.*, coalesce(r.roster, 0) as roster, coalesce(e.earlier, 0) as earlier
from shapes as s
left join rosters as r on r.period_start = s.period_start and r.atom_id = s.atom_id
left join presence as e on e.period_start = s.period_start and e.unit_id = s.only_team
"""
PEOPLE = """
select c.period_start, c.atom_id, l.quantity, l.person_key,
    least(sum(l.value) * 100, any_value(k.clip))::bigint as value
from gate_cells as c
join vault.intermediate.int_ledger as l
    on l.table_name = '{name}' and l.period_start = c.period_start and l.team_id = c.team_id
join gate_members as m
    on m.period_start = c.period_start and m.team_id = c.team_id and m.person_key = l.person_key
join gate_quantities as q on q.quantity = l.quantity and q.role = l.role
join gate_periods as p on p.period_start = c.period_start
join gate_constants as k on k.quantity = l.quantity and k.iso_year = p.iso_year
group by c.period_start, c.atom_id, l.quantity, l.person_key
having sum(l.value) > 0
"""
SAFETY = """
with ranked as (
    select *, row_number() over (partition by period_start, atom_id, quantity order by value desc) as position
    from gate_people
),
sums as (
    select period_start, atom_id, quantity, count(*) as contributors, sum(value) as total, max(value) as largest,
        sum(value) filter (where position > 3) as others
    from ranked
    group by period_start, atom_id, quantity
),
per_quantity as (
    select a.period_start, a.atom_id, a.roster, q.quantity, q.column_name, k.base,
        coalesce(s.contributors, 0) as contributors, coalesce(s.total, 0)::bigint as total,
        coalesce(s.largest, 0)::bigint as largest, coalesce(s.others, 0)::bigint as others
    from gate_atoms as a
    cross join gate_quantities as q
    join gate_periods as p on p.period_start = a.period_start
    left join gate_constants as k on k.quantity = q.quantity and k.iso_year = p.iso_year
    left join sums as s on s.period_start = a.period_start and s.atom_id = a.atom_id and s.quantity = q.quantity
),
divided as (
    select *, total // (base * 100) as quotient, total % (base * 100) * 2 as twice, base * 100 as divisor
    from per_quantity
)
select period_start, atom_id, roster, quantity, column_name, contributors, total, largest, others,
    base * (quotient + if(twice > divisor or (twice = divisor and quotient % 2 = 1), 1, 0)) as rounded
from divided
"""
FAMILY = """
select period_start, atom_id as unit_id, atom_id, false as is_parent from gate_atoms
union all
select a.period_start, a.group_id, a.atom_id, true from gate_atoms as a where a.atom_id <> 'rest:org'
union all
select a.period_start, u.unit_id, a.atom_id, true
from gate_atoms as a
join gate_units as u on u.period_start = a.period_start and u.unit_level = 'org'
"""
