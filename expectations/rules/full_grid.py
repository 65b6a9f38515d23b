"""Every unit of the tree, and every possible rest, has its row in every period: no row appears because somebody did."""

from expectations.rules.rule import Rule

MISSING = """
select 'unit_id' as column_name
from gate_grid as g
where not exists (select 1 from gate_rows as r where r.period_start = g.period_start and r.unit_id = g.unit_id)
"""
FOREIGN = """
select 'unit_id' as column_name
from gate_rows as r
where not exists (select 1 from gate_grid as g where g.period_start = r.period_start and g.unit_id = r.unit_id)
"""
LEVEL = """
select 'unit_level' as column_name
from gate_rows as r
join gate_grid as g on g.period_start = r.period_start and g.unit_id = r.unit_id
where r.unit_level is distinct from g.unit_level
"""
NO_TREE = """
select 'period_start' as column_name
from gate_periods as p
where not exists (select 1 from gate_units as u where u.period_start = p.period_start and u.unit_level = 'org')
"""
RULE = Rule(name="full_grid", violations=(MISSING, FOREIGN, LEVEL, NO_TREE))
