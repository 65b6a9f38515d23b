"""Every unit and everybody's home is the roster's, as it was kept when the block began; so is a team's past."""

from expectations.rules.rule import Rule

OTHER_UNIT = """
select if(t.unit_id is null or r.unit_id is null, 'unit_id', if(r.parent_id is distinct from t.parent_id, 'parent_id',
    'unit_level')) as column_name
from gate_units as t
full join (
    select p.period_start, r.unit_id, r.parent_id, r.unit_level
    from gate_periods as p join gate_placed as r on r.block_start = p.block_start
) as r on r.period_start = t.period_start and r.unit_id = t.unit_id
where r.parent_id is distinct from t.parent_id or r.unit_level is distinct from t.unit_level
"""
OTHER_HOME = """
select 'team_id' as column_name
from gate_members as m
full join gate_homes as h on h.period_start = m.period_start and h.person_key = m.person_key
where h.team_id is distinct from m.team_id
"""
INVENTED_PAST = """
select 'unit_id' as column_name
from gate_past as t
anti join gate_placed as r on r.block_start = t.block_start and r.unit_id = t.team_id and r.unit_level = 'team'
"""
RULE = Rule(name="placement", violations=(OTHER_UNIT, OTHER_HOME, INVENTED_PAST))
