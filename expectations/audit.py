"""Evidence from the ledger: who stands behind every claimed atom, and how their work is spread.

One row an atom and quantity in `gate_safety`: roster, contributors, total and the three largest, clipped, in
hundredths. `gate_family` says which atoms each published row is made of. Nothing is taken from what dbt computed on
its way: constants, activity and age are worked out here.
"""

from expectations import tree
from expectations.measures import Kind
from expectations.scope import Case, literal


def evidence(case: Case) -> "list[tuple[str, str]]":
    """The relations that prove atoms safe."""
    name = case.table.name
    return [
        ("gate_proving", PROVING),
        ("gate_events", EVENTS.format(mart=case.table.mart)),
        ("gate_durations", _durations(case)),
        ("gate_members", tree.MEMBERS),
        ("gate_active", tree.ACTIVE.format(name=name)),
        ("gate_teams", tree.TEAMS),
        ("gate_atoms", ATOMS),
        ("gate_family", FAMILY),
        ("gate_clipped", CLIPPED.format(name=name)),
        ("gate_people", PEOPLE),
        ("gate_safety", SAFETY),
    ]


def _durations(case: Case) -> str:
    """Every event's duration, by the column that it stands behind; none in a table without percentiles."""
    found = [
        f"select '{measure.column}' as column_name, {measure.evidence} as value from gate_events"
        for measure in case.table.of_kind(Kind.PERCENTILE)
    ]
    return " union all ".join(found) or literal([], "column_name varchar, value bigint")


PROVING = """
select distinct c.period_start
from gate_periods as p
join gate_calendar as c on c.period_start <= p.period_start
    and (c.ordinal >= p.ordinal - (select history_blocks from gate_policy) or isoyear(c.period_start) = p.iso_year - 1)
"""
EVENTS = """
select m.*
from vault.marts.{mart} as m
where m.period_start in (select period_start from gate_periods)
"""
ATOMS = """
with shapes as (
    select c.period_start, c.atom_id, count(*) as cells, count(distinct c.team_id) as leaves,
        count(t.team_id) as known, min(c.team_id) as only_team, min(t.home_id) as only_home,
        count(*) filter (t.alive > 0) as alive_leaves, count(*) filter (t.alive > 0 and t.is_old) as old_leaves,
        coalesce(sum(t.alive), 0)::bigint as roster,
        count(n.unit_id) as below
    from gate_cells as c
    left join gate_teams as t on t.period_start = c.period_start and t.team_id = c.team_id
    left join gate_ancestors as n
        on n.period_start = c.period_start and n.unit_id = c.team_id and 'rest:' || n.ancestor_id = c.atom_id
    group by c.period_start, c.atom_id
)
select s.* exclude (only_home),
    case
        when s.atom_id = 'rest:org' then r.unit_id
        when starts_with(s.atom_id, 'rest:') then g.unit_id
        else s.only_home
    end as home_id
from shapes as s
left join gate_units as r on r.period_start = s.period_start and r.unit_level = 'org'
left join gate_units as g
    on g.period_start = s.period_start and g.unit_level = 'group' and 'rest:' || g.unit_id = s.atom_id
"""
FAMILY = """
select period_start, atom_id as unit_id, atom_id, false as is_parent from gate_atoms
union all
select a.period_start, n.ancestor_id, a.atom_id, true
from gate_atoms as a
join gate_ancestors as n on n.period_start = a.period_start and n.unit_id = a.home_id
"""
CLIPPED = """
select c.period_start, c.atom_id, l.quantity, l.role, l.person_key,
    sum(least(l.value * 100, k.clip))::bigint as value
from gate_cells as c
join vault.intermediate.int_ledger as l
    on l.table_name = '{name}' and l.period_start = c.period_start and l.team_id = c.team_id
join gate_pairs as q on q.quantity = l.quantity and q.role = l.role
join gate_periods as p on p.period_start = c.period_start
join gate_constants as k on k.quantity = l.quantity and k.role = l.role and k.iso_year = p.iso_year
left join gate_members as m
    on m.period_start = c.period_start and m.team_id = c.team_id and m.person_key = l.person_key
where l.value > 0 and (m.person_key is not null or q.role_number > 0)
group by c.period_start, c.atom_id, l.quantity, l.role, l.person_key
"""
PEOPLE = """
select v.period_start, v.atom_id, v.quantity, v.person_key, v.value
from gate_clipped as v
join gate_pairs as q on q.quantity = v.quantity and q.role = v.role and q.is_additive
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
    join gate_pairs as q on q.is_additive
    join gate_periods as p on p.period_start = a.period_start
    left join gate_constants as k on k.quantity = q.quantity and k.role = q.role and k.iso_year = p.iso_year
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
