"""The rate of an atom and of its parents, as SQL to be filled with a measure's declared names.

An atom's rate is published when its rounded count suffices and, in every role it shows, numerator and complement each
hide their people as a total would. A side that nobody carries is exempt in every role but the first. Half-even, in
steps, never 0 or 100.
"""

EVENTS = """
select c.period_start, c.atom_id, m.{evidence} as flag, {people}
from gate_cells as c
join {mart} as m on m.period_start = c.period_start and m.team_id = c.team_id
join gate_members as h
    on h.period_start = c.period_start and h.team_id = c.team_id and h.person_key = m.{first}
where m.{evidence} is not null
"""
SIDES = """
with people as (
    select period_start, atom_id, role, flag, person, count(*) as events
    from ({roles})
    group by period_start, atom_id, role, flag, person
),
ranked as (
    select *, row_number() over (partition by period_start, atom_id, role, flag order by events desc) as position
    from people
)
select period_start, atom_id, role, flag, count(*) as persons, sum(events) as total, max(events) as largest,
    coalesce(sum(events) filter (where position > 3), 0) as others
from ranked
group by period_start, atom_id, role, flag
"""
STEPPED = """(
    select least(100 - rate_step, greatest(rate_step, rate_step * (
        100 * yes // (rate_step * events) + if(
            100 * yes % (rate_step * events) * 2 > rate_step * events
            or (100 * yes % (rate_step * events) * 2 = rate_step * events
                and 100 * yes // (rate_step * events) % 2 = 1), 1, 0))))::double
    from gate_policy
)"""
OWN = (
    """
with standing as (
    select period_start, atom_id
    from {sides} cross join gate_policy
    group by period_start, atom_id
    having bool_and(persons >= rate_side and largest <= dominance * total and others >= p_percent * largest)
        and count(*) filter (where role = 0) = 2
),
tallies as (
    select period_start, atom_id, count(*)::bigint as events, count(*) filter (where flag)::bigint as yes
    from {events}
    group by period_start, atom_id
)
select s.period_start, s.atom_id, t.events, t.yes, """
    + STEPPED
    + """ as value
from standing as s
join tallies as t on t.period_start = s.period_start and t.atom_id = s.atom_id
join gate_safety as n on n.period_start = s.period_start and n.atom_id = s.atom_id and n.column_name = '{count}'
cross join (select rate_events from gate_policy)
where n.rounded >= rate_events
"""
)
POOLED = (
    """
with pooled as (
    select f.period_start, f.unit_id, sum(o.events)::bigint as events, sum(o.yes)::bigint as yes
    from gate_family as f
    join {own} as o on o.period_start = f.period_start and o.atom_id = f.atom_id
    where f.is_parent
    group by f.period_start, f.unit_id
    having count(*) >= 2
)
select period_start, unit_id, '{column}', """
    + STEPPED
    + " from pooled"
)
