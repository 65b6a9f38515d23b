"""A period is published once: after it closed and settled, and never when it is sealed."""

from expectations.rules.rule import Rule

NO_CLOCK = "select 'period_start' as column_name from vault.ops.clock having count(as_of) <> 1"
NOT_SETTLED = """
select 'period_start' as column_name
from gate_periods cross join gate_policy
where (period_end + 1 + settle_days::integer <= (select max(as_of) from vault.ops.clock)) is not true
"""
SEALED = """
select 'period_start' as column_name
from gate_periods as p
join vault.ops.sealed as s on s.period_start = p.period_start
where s.table_name = (select table_name from gate_table)
"""
END = """
select 'period_end' as column_name
from gate_rows as r
left join gate_periods as p on p.period_start = r.period_start
where r.period_end is distinct from p.period_end
"""
RULE = Rule(name="sealed_periods", violations=(NO_CLOCK, NOT_SETTLED, SEALED, END))
