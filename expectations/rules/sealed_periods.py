"""A period is published once: after it closed and settled, never when it is sealed, and a block under one policy."""

from expectations.rules.rule import Rule
from expectations.tree import BLOCK

NO_CLOCK = "select 'period_start' as column_name from vault.ops.clock having count(as_of) <> 1"
NOT_SETTLED = """
select 'period_start' as column_name
from gate_periods cross join gate_policy cross join gate_zone
where (
    timezone('UTC', timezone(time_zone, (period_end + 1)::timestamp)) + to_days(settle_days::integer)
    <= (select max(as_of) from vault.ops.clock)
) is not true
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
OTHER_LENGTH = """
select if(period_start is distinct from due_start, 'period_start', 'period_end') as column_name
from gate_periods
where period_start is distinct from due_start or period_end is distinct from due_end
"""
OTHER_POLICY = f"""
select 'policy' as column_name
from gate_periods as p
join vault.ops.sealed as s on {BLOCK.format(day="s.period_start")} = p.block_start
join vault.ops.releases as r on r.release_id = s.release_id
where r.policy is distinct from (select fingerprint from gate_fingerprint)
"""
RULE = Rule(
    name="sealed_periods",
    violations=(NO_CLOCK, NOT_SETTLED, SEALED, END, OTHER_LENGTH, OTHER_POLICY),
)
