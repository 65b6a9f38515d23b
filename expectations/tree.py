"""The tree of a period and its people: who stands below whom, at any depth, and who was active of late.

Tree and roster are those of the block, so of the first period of it that was frozen. Ancestors are walked by
following `parent_id`; a cycle ends the walk, and the rule `hierarchy` refuses it. That both are the roster's, as it
was kept when the block began, is proved by `placement`.
"""

BLOCK = "({day} - (7 * if(week({day}) = 53, 4, (week({day}) - 1) % 4))::integer)"
"""The first day of the block that a Monday lies in: four ISO weeks, W53 with the last four."""

CALENDAR = f"""
select *, dense_rank() over (order by block_start) as ordinal
from (select period_start, period_end, {BLOCK.format(day="period_start")} as block_start from vault.ops.calendar)
"""
FROZEN = f"""
select {BLOCK.format(day="period_start")} as block_start, min(period_start) as period_start
from vault.intermediate.int_units
group by 1
"""
PERIODS = f"""
with judged as (select period_start from gate_rows union select period_start from gate_asked),
blocks as (select period_start, {BLOCK.format(day="period_start")} as block_start from judged)
select b.period_start, c.period_end, isoyear(b.period_start) as iso_year, b.block_start, c.ordinal,
    coalesce(f.period_start, b.period_start) as frozen_on,
    if(l.is_weekly, date_trunc('week', b.period_start)::date, b.block_start) as due_start,
    if(
        l.is_weekly, date_trunc('week', b.period_start)::date + 7,
        b.block_start + if(week(b.block_start + 28) = 53, 35, 28)
    ) - 1 as due_end
from blocks as b
left join gate_calendar as c on c.period_start = b.period_start
left join gate_frozen as f on f.block_start = b.block_start
cross join gate_length as l
"""
UNITS = """
select p.period_start, u.unit_id, u.parent_id, u.unit_level, u.unit_name
from vault.intermediate.int_units as u
join gate_periods as p on p.frozen_on = u.period_start
"""
LEAVES = """
select period_start, unit_id as team_id, parent_id as home_id from gate_units where unit_level = 'team'
"""
ANCESTORS = """
with recursive walk as (
    select period_start, unit_id, unit_id as ancestor_id, parent_id from gate_units
    union
    select w.period_start, w.unit_id, u.unit_id, u.parent_id
    from walk as w
    join gate_units as u on u.period_start = w.period_start and u.unit_id = w.parent_id
)
select distinct period_start, unit_id, ancestor_id from walk
"""
GRID = """
select period_start, unit_id, unit_level from gate_units
union all
select period_start, 'rest:' || unit_id, 'rest' from gate_units where unit_level = 'group'
union all
select period_start, 'rest:org', 'rest' from gate_units where unit_level = 'org'
"""
PLACED = """
with placed as (
    select * from vault.ops.roster_units where block_start <= (select max(block_start) from gate_periods)
)
select block_start, unit_id, parent_id, unit_level from placed
union all
select block_start, unit_id || ':direct', unit_id, 'team'
from placed
semi join vault.ops.roster_members using (block_start, unit_id)
where unit_level = 'group'
"""
PAST = f"""
select distinct {BLOCK.format(day="period_start")} as block_start, unit_id as team_id
from vault.intermediate.int_units
where unit_level = 'team' and period_start < (select max(block_start) from gate_periods)
    and unit_id in (select team_id from gate_leaves)
"""
HOMES = """
select p.period_start, m.person_key, arg_min(
    if(u.unit_level = 'group', u.unit_id || ':direct', u.unit_id), (date '9999-12-31' - m.valid_from, m.unit_id)
) as team_id
from gate_periods as p
join vault.ops.roster_members as m on m.block_start = p.block_start
join vault.ops.roster_units as u on u.block_start = m.block_start and u.unit_id = m.unit_id
where u.unit_level in ('team', 'group')
group by p.period_start, m.person_key
"""
MEMBERS = """
select distinct p.period_start, m.team_id, m.person_key
from vault.intermediate.int_members as m
join gate_periods as p on p.frozen_on = m.period_start
"""
ACTIVE = """
select distinct p.period_start, l.person_key
from gate_periods as p
cross join gate_policy as t
join gate_calendar as c on c.ordinal between p.ordinal - t.history_blocks and p.ordinal - 1
join vault.intermediate.int_ledger as l on l.period_start = c.period_start
join gate_pairs as q on q.quantity = l.quantity and q.role = l.role and q.is_additive
where l.table_name = '{name}'
"""
TEAMS = """
with alive as (
    select m.period_start, m.team_id, count(distinct m.person_key) as people
    from gate_members as m
    join gate_active as a on a.period_start = m.period_start and a.person_key = m.person_key
    group by m.period_start, m.team_id
),
presence as (
    select p.period_start, t.team_id, count(*) as earlier
    from gate_periods as p join gate_past as t on t.block_start < p.block_start
    group by p.period_start, t.team_id
)
select l.period_start, l.team_id, l.home_id, coalesce(a.people, 0) as alive,
    coalesce(e.earlier, 0) >= age_blocks - 1 as is_old
from gate_leaves as l
left join alive as a on a.period_start = l.period_start and a.team_id = l.team_id
left join presence as e on e.period_start = l.period_start and e.team_id = l.team_id
cross join gate_policy
"""
