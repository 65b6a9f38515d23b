"""Every unit hangs below the organisation once, everybody is in one team, and neither changes within a block."""

from expectations.rules.rule import Rule
from expectations.tree import BLOCK

SAME_BLOCK = BLOCK.format(day="u.period_start")
ROOTS = """
select 'unit_level' as column_name
from gate_units
group by period_start
having count(*) filter (where unit_level = 'org') <> 1 or count(*) filter (where parent_id is null) <> 1
"""
ADRIFT = """
select 'parent_id' as column_name
from gate_units as u
where not exists (
    select 1
    from gate_ancestors as a
    join gate_units as r on r.period_start = a.period_start and r.unit_id = a.ancestor_id
    where a.period_start = u.period_start and a.unit_id = u.unit_id and r.unit_level = 'org' and r.parent_id is null
)
"""
BELOW_A_TEAM = """
select 'parent_id' as column_name
from gate_units as u
join gate_units as p on p.period_start = u.period_start and p.unit_id = u.parent_id
where p.unit_level = 'team'
"""
UNNAMED = """
select 'unit_id' as column_name
from gate_units
where unit_id is null or (unit_level in (select unit_level from gate_levels where unit_level <> 'rest')) is not true
"""
TWICE = "select 'unit_id' as column_name from gate_grid group by period_start, unit_id having count(*) > 1"
TWO_TEAMS = """
select 'team_id' as column_name from gate_members group by period_start, person_key having count(*) > 1
"""
NO_TEAM = """
select 'team_id' as column_name
from gate_members as m
left join gate_leaves as l on l.period_start = m.period_start and l.team_id = m.team_id
where l.team_id is null or m.person_key is null
"""
FROZEN = f"""
select p.period_start, count(distinct u.period_start) as times
from gate_periods as p
join vault.intermediate.int_units as u on {SAME_BLOCK} = p.block_start
group by p.period_start
"""
OTHER_TREE = f"""
with frozen as ({FROZEN}),
kept as (
    select p.period_start, u.unit_id, u.parent_id, u.unit_level, count(distinct u.period_start) as times
    from gate_periods as p
    join vault.intermediate.int_units as u on {SAME_BLOCK} = p.block_start
    group by all
)
select 'parent_id' as column_name
from kept as k
join frozen as f on f.period_start = k.period_start
where k.times <> f.times
"""
OTHER_TEAM = f"""
with frozen as ({FROZEN}),
kept as (
    select p.period_start, u.team_id, u.person_key, count(distinct u.period_start) as times
    from gate_periods as p
    join vault.intermediate.int_members as u on {SAME_BLOCK} = p.block_start
    group by all
)
select 'team_id' as column_name
from kept as k
join frozen as f on f.period_start = k.period_start
where k.times <> f.times
"""
RULE = Rule(
    name="hierarchy",
    violations=(ROOTS, ADRIFT, BELOW_A_TEAM, UNNAMED, TWICE, TWO_TEAMS, NO_TEAM, OTHER_TREE, OTHER_TEAM),
)
