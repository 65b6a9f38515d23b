"""A percentile of an atom and of its parents, as SQL to be filled with a measure's declared names.

An atom's percentile is published when its rounded count suffices and, in every role it shows, the quorum of people
stand behind it, enough of them in the tail (for the median: on each side), nobody with more than half of the events.
Nearest rank, no interpolation; snapped to the ladder. A role that no event carries is exempt.
"""

EVENTS_NEEDED = {0.5: "percentile_events", 0.75: "p75_events", 0.9: "p90_events"}
"""The policy's key for each percentile that may be registered."""

EVENTS = """
with events as (
    select c.period_start, c.atom_id, m.{evidence} as value, {people}
    from gate_cells as c
    join {mart} as m on m.period_start = c.period_start and m.team_id = c.team_id
    join gate_members as h
        on h.period_start = c.period_start and h.team_id = c.team_id and h.person_key = m.{first}
    where m.{evidence} is not null
)
select *,
    row_number() over (partition by period_start, atom_id order by value) as position,
    count(*) over (partition by period_start, atom_id) as n
from events
"""
SIDES = """
with middles as (
    select period_start, atom_id, value as middle from {events} where position = (n * {percent} + 99) // 100
),
people as (
    select period_start, atom_id, role, person, count(*) as events, min(value) as low, max(value) as high
    from ({roles})
    group by period_start, atom_id, role, person
)
select p.period_start, p.atom_id, p.role, any_value(m.middle) as middle, count(*) as persons,
    count(*) filter (where p.low <= m.middle) as below, count(*) filter (where p.high >= m.middle) as above,
    max(p.events) as largest, sum(p.events) as total
from people as p
join middles as m on m.period_start = p.period_start and m.atom_id = p.atom_id
group by p.period_start, p.atom_id, p.role
"""
OWN = """
with standing as (
    select period_start, atom_id, any_value(middle) as middle
    from {sides} cross join gate_policy
    group by period_start, atom_id
    having bool_and(
        persons >= k and above >= percentile_side and (below >= percentile_side or {percent} > 50)
        and 2 * largest <= total
    )
)
select s.period_start, s.atom_id,
    (select max(step) from gate_ladder where unit = '{unit}' and least <= s.middle) as value
from standing as s
join gate_safety as n on n.period_start = s.period_start and n.atom_id = s.atom_id and n.column_name = '{count}'
cross join gate_policy
where n.rounded >= {needed}
"""
POOLED = """
with pooled as (
    select f.period_start, f.unit_id, e.value,
        row_number() over (partition by f.period_start, f.unit_id order by e.value) as position,
        count(*) over (partition by f.period_start, f.unit_id) as n
    from gate_family as f
    join {own} as o on o.period_start = f.period_start and o.atom_id = f.atom_id
    join {events} as e on e.period_start = f.period_start and e.atom_id = f.atom_id
    where f.is_parent
),
twos as (
    select f.period_start, f.unit_id
    from gate_family as f
    join {own} as o on o.period_start = f.period_start and o.atom_id = f.atom_id
    where f.is_parent
    group by f.period_start, f.unit_id
    having count(*) >= 2
)
select p.period_start, p.unit_id, '{column}',
    (select max(step) from gate_ladder where unit = '{unit}' and least <= p.value)
from pooled as p
join twos as t on t.period_start = p.period_start and t.unit_id = p.unit_id
where p.position = (p.n * {percent} + 99) // 100
"""
