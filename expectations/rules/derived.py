"""A derived table says what the gate finds in published values, cell by cell, and only where they speak."""

from expectations.rules.rule import Rule

VALUES = """
select coalesce(t.column_name, d.column_name) as column_name
from gate_told as t
full join gate_derived as d
    on d.period_start = t.period_start and d.unit_id = t.unit_id and d.column_name = t.column_name
where t.value is distinct from d.value
"""
WITHOUT_SOURCE = """
select 'period_start' as column_name
from gate_periods as p
where not exists (
    select 1 from gate_resting as r where r.period_start = p.period_start and r.source_start = p.period_start
)
"""
UNPROVED = "select 'period_start' as column_name from gate_resting where not is_proved"
RULE = Rule(name="derived", violations=(VALUES, WITHOUT_SOURCE, UNPROVED))
