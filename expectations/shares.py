"""Shares that add to 100, of an atom and of its parents, as SQL to be filled with a group's declared columns.

A stage stands alone when it hides its people in every role that somebody has there (a machine that merges has none);
the last column never does. What fails is added up person
by person and must hide them too; until it does, stages that stood alone join it, the last registered first. `joins`
says of every stage how many of those have joined when it has: 0 for the ones that fail. Above, a stage stands alone
where it does in each atom. Steps of 5 by largest remainder.
"""

HIDES = """count(*) >= any_value(k) and max(value) <= any_value(dominance) * sum(value)
and coalesce(sum(value) filter (where nr > 3), 0) >= any_value(p_percent) * max(value)"""
STANDING = (
    """
with people as (
    select v.*, q.column_name, q.position, q.role_number
    from gate_clipped as v
    join gate_pairs as q on q.quantity = v.quantity and q.role = v.role and not q.is_additive
    where q.column_name in ({columns})
),
ranked as (
    select *, row_number() over (partition by period_start, atom_id, column_name, role_number order by value desc) as nr
    from people
),
tested as (
    select period_start, atom_id, column_name, role_number, sum(value) as total,
        """
    + HIDES
    + """ as hides
    from ranked cross join gate_policy
    group by period_start, atom_id, column_name, role_number
),
stages as (
    select a.period_start, a.atom_id, q.column_name, q.position,
        bool_and(coalesce(t.hides, q.role_number > 0) and q.column_name <> '{other}') as stands,
        coalesce(sum(t.total) filter (where q.role_number = 0), 0)::bigint as size
    from gate_atoms as a
    join gate_pairs as q on not q.is_additive and q.column_name in ({columns})
    left join tested as t on t.period_start = a.period_start and t.atom_id = a.atom_id
        and t.column_name = q.column_name and t.role_number = q.role_number
    group by a.period_start, a.atom_id, q.column_name, q.position
)
select *,
    if(stands, count(*) filter (where stands) over (
        partition by period_start, atom_id order by position desc), 0) as joins,
    count(*) filter (where stands) over (partition by period_start, atom_id) as standing,
    bool_and(stands) over (partition by period_start, atom_id) as are_all
from stages
"""
)
JOINED = (
    """
with people as (
    select s.period_start, s.atom_id, m.joined, q.role, q.role_number = 0 as is_first, v.person_key,
        sum(v.value) as value
    from {stem}_standing as s
    cross join range((select max(standing) from {stem}_standing)) as m(joined)
    join gate_pairs as q on q.column_name = s.column_name and not q.is_additive
    join gate_clipped as v on v.period_start = s.period_start and v.atom_id = s.atom_id
        and v.quantity = q.quantity and v.role = q.role
    where not s.are_all and m.joined < s.standing and s.joins <= m.joined
    group by s.period_start, s.atom_id, m.joined, q.role, is_first, v.person_key
),
ranked as (
    select *, row_number() over (partition by period_start, atom_id, joined, role order by value desc) as nr
    from people
),
tested as (
    select period_start, atom_id, joined, is_first,
        """
    + HIDES
    + """ as hides
    from ranked cross join gate_policy
    group by period_start, atom_id, joined, role, is_first
),
safe as (
    select period_start, atom_id, joined
    from tested
    group by period_start, atom_id, joined
    having bool_and(hides) and count(*) filter (where is_first) = 1
)
select period_start, atom_id, min(joined) as joined from safe group by period_start, atom_id
union all
select distinct period_start, atom_id, 0 from {stem}_standing where are_all
"""
)
PARTS = """
with chosen as (
    select s.period_start, s.atom_id, j.joined, s.column_name, s.position, s.stands, s.joins, s.size
    from {stem}_standing as s
    join {stem}_joined as j on j.period_start = s.period_start and j.atom_id = s.atom_id
    join gate_safety as n on n.period_start = s.period_start and n.atom_id = s.atom_id and n.column_name = '{count}'
    cross join gate_policy
    where n.rounded >= rate_events
),
named as (
    select period_start, atom_id, size, if(stands and joins > joined, column_name, '{other}') as column_name,
        if(stands and joins > joined, position, {last}) as position
    from chosen
)
select period_start, atom_id, column_name, position, sum(size)::bigint as size
from named
group by period_start, atom_id, column_name, position
"""
ABOVE = """
with families as (
    select f.period_start, f.unit_id, f.atom_id, count(*) over (partition by f.period_start, f.unit_id) as atoms
    from gate_family as f
    join (select distinct period_start, atom_id from {stem}_parts) as o
        on o.period_start = f.period_start and o.atom_id = f.atom_id
    where f.is_parent
),
parts as (
    select f.period_start, f.unit_id, f.atoms, p.column_name, p.position, p.size,
        count(*) over (partition by f.period_start, f.unit_id, p.column_name) as alone_in
    from families as f
    join {stem}_parts as p on p.period_start = f.period_start and p.atom_id = f.atom_id
    where f.atoms >= 2
),
named as (
    select period_start, unit_id, size, if(alone_in = atoms, column_name, '{other}') as column_name,
        if(alone_in = atoms, position, {last}) as position
    from parts
)
select period_start, unit_id, column_name, position, sum(size)::bigint as size
from named
group by period_start, unit_id, column_name, position
"""
STEPS = """
with parts as (
    select period_start, atom_id as unit_id, column_name, position, size from {stem}_parts
    union all
    select period_start, unit_id, column_name, position, size from {stem}_above
),
floors as (
    select *, size * 20 // total as steps, size * 20 % total as remainder
    from (
        select *, (sum(size) over (partition by period_start, unit_id))::bigint as total,
            bool_or(column_name <> '{other}') over (partition by period_start, unit_id) as is_told
        from parts
    )
    where is_told and total > 0
),
ordered as (
    select *, 20 - sum(steps) over (partition by period_start, unit_id) as missing,
        row_number() over (partition by period_start, unit_id order by remainder desc, position) as nr
    from floors
)
select period_start, unit_id, column_name, (5 * (steps + if(nr <= missing, 1, 0)))::double as value from ordered
"""
