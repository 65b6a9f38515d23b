"""Only registered columns with their declared types, text only from declared domains, one row a key, real numbers."""

from expectations.rules.rule import Rule

UNREGISTERED = """
select '(unregistered)' as column_name
from gate_columns
where column_name not in (select column_name from gate_registered)
"""
MISSING_OR_MISTYPED = """
select r.column_name
from gate_registered as r
left join gate_columns as c on c.column_name = r.column_name
where c.data_type is distinct from r.data_type
"""
CELLS = """
select if(r.column_name is null, '(unregistered)', r.column_name) as column_name
from gate_cell_registered as r
full join gate_cell_columns as c on c.column_name = r.column_name
where c.data_type is distinct from r.data_type
"""
NO_KEY = """
select if(period_start is null, 'period_start', 'unit_id') as column_name
from gate_rows
where period_start is null or unit_id is null
"""
TWICE = "select 'unit_id' as column_name from gate_rows group by period_start, unit_id having count(*) > 1"
LEVEL = """
select 'unit_level' as column_name
from gate_rows
where (unit_level in (select unit_level from gate_levels)) is not true
"""
STATUS = (
    "select 'status' as column_name from gate_rows where (status in (select status from gate_statuses)) is not true"
)
BAND = """
select 'size_band' as column_name
from gate_rows
where (size_band in (select size_band from gate_bands)) is not true
"""
UNIT = """
select 'unit_id' as column_name
from gate_rows
where (unit_id in (select unit_id from gate_grid)) is not true
"""
NOT_A_NUMBER = "select column_name from gate_values where value is not null and not isfinite(value)"
WORD = """
select t.column_name
from gate_texts as t
left join gate_words as w on w.column_name = t.column_name and w.word = t.word
where t.word is not null and w.word is null
"""
RULE = Rule(
    name="shape",
    violations=(UNREGISTERED, MISSING_OR_MISTYPED, CELLS, NO_KEY, TWICE, LEVEL, STATUS, BAND, UNIT, NOT_A_NUMBER, WORD),
)
