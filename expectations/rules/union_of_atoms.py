"""Every published row is a union of atoms; atoms are whole teams, disjoint, of the tree, old enough, all or none.

Old enough: two of its teams live (somebody was active lately), or one lives and is in its third block at least; else a
young team beside one where nobody works would be alone in its row. Safety and consistency are proved, not the order of
merging: any partition into safe atoms is as safe as the one that the protected models choose, so the gate does not
choose one itself.
"""

from expectations.rules.rule import Rule

WITHOUT_ATOMS = """
select 'unit_id' as column_name
from gate_rows as r
where r.status is distinct from 'withheld'
    and not exists (select 1 from gate_family as f where f.period_start = r.period_start and f.unit_id = r.unit_id)
"""
OVERLAP = """
select 'team_id' as column_name from gate_cells group by period_start, team_id having count(*) > 1
"""
UNKNOWN_TEAM = """
select 'team_id' as column_name
from gate_cells as c
left join gate_leaves as l on l.period_start = c.period_start and l.team_id = c.team_id
where l.team_id is null or c.atom_id is null
"""
WRONG_SHAPE = """
select 'unit_id' as column_name
from gate_atoms as a
where (
    (a.leaves = 1 and a.cells = 1 and a.atom_id = a.only_team)
    or (starts_with(a.atom_id, 'rest:') and a.below = a.cells and a.home_id is not null)
    or a.atom_id = 'rest:org'
) is not true
"""
OLD_ENOUGH = "alive_leaves >= 2 or old_leaves >= 1"
TOO_YOUNG = f"select 'unit_id' as column_name from gate_atoms where ({OLD_ENOUGH}) is not true"
NOT_COVERED = """
select 'team_id' as column_name
from gate_leaves as l
where l.period_start in (select period_start from gate_cells)
    and not exists (select 1 from gate_cells as c where c.period_start = l.period_start and c.team_id = l.team_id)
"""
RULE = Rule(
    name="union_of_atoms",
    violations=(WITHOUT_ATOMS, OVERLAP, UNKNOWN_TEAM, WRONG_SHAPE, TOO_YOUNG, NOT_COVERED),
)
