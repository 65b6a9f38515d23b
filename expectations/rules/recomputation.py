"""Every cell equals what the gate computes; a withheld row holds nothing; status and size follow from the atoms."""

from expectations.rules.rule import Rule

VALUES = """
select coalesce(v.column_name, e.column_name) as column_name
from gate_values as v
full join gate_expected as e
    on e.period_start = v.period_start and e.unit_id = v.unit_id and e.column_name = v.column_name
where v.value is distinct from e.value
"""
WITHHELD = """
select v.column_name
from gate_values as v
join gate_rows as r on r.period_start = v.period_start and r.unit_id = v.unit_id
where r.status is distinct from 'published' and v.value is not null
"""
STATUS = """
select 'status' as column_name
from gate_rows as r
left join (select distinct period_start, unit_id from gate_family) as f
    on f.period_start = r.period_start and f.unit_id = r.unit_id
where r.status is distinct from if(f.unit_id is null, 'withheld', 'published')
"""
SIZE = """
select 'size_band' as column_name
from gate_rows as r
left join gate_sizes as s on s.period_start = r.period_start and s.unit_id = r.unit_id
where r.size_band is distinct from s.size_band
"""
RULE = Rule(name="recomputation", violations=(VALUES, WITHHELD, STATUS, SIZE))
