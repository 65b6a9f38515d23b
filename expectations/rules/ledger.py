"""The evidence itself is sound: nothing negative, nothing twice, nobody nameless, nobody counted away from home."""

from expectations.rules.rule import Rule

MINE = "l.table_name = (select table_name from gate_table)"
NEGATIVE = f"""
select p.column_name
from vault.intermediate.int_ledger as l
join gate_pairs as p on p.quantity = l.quantity and p.role = l.role
where {MINE} and (l.value >= 0) is not true
"""
NAMELESS = f"""
select 'person_key' as column_name
from vault.intermediate.int_ledger as l
where {MINE} and (l.person_key is null or l.team_id is null or l.period_start is null)
"""
TWICE = f"""
select 'person_key' as column_name
from vault.intermediate.int_ledger as l
where {MINE} and l.period_start in (select period_start from gate_proving)
group by l.quantity, l.role, l.period_start, l.team_id, l.person_key
having count(*) > 1
"""
ELSEWHERE = f"""
select 'team_id' as column_name
from vault.intermediate.int_ledger as l
join gate_periods as p on p.period_start = l.period_start
join gate_pairs as q on q.quantity = l.quantity and q.role = l.role and q.role_number = 0
left join gate_members as m
    on m.period_start = l.period_start and m.team_id = l.team_id and m.person_key = l.person_key
where {MINE} and l.value > 0 and m.person_key is null
"""
EVENTS_TWICE = """
select 'period_start' as column_name
from (select *, count(*) as times from gate_events group by all)
where times > 1
"""
BACKWARDS = "select column_name from gate_durations where value < 0"
RULE = Rule(name="ledger", violations=(NEGATIVE, NAMELESS, TWICE, ELSEWHERE, EVENTS_TWICE, BACKWARDS))
