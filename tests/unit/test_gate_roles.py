"""No percentile shows what is one person's conduct, in whichever of its roles: every registered one is tried.

But for p90, of which the small company is too small to show all.
"""

import pytest

from expectations.kinds import Kind
from expectations.measures import TABLES
from tests.unit.test_gate_rules import violated, world

P90 = 0.9
ROLES = [
    (table, measure, role)
    for table in TABLES
    for measure in table.measures
    if measure.kind is Kind.PERCENTILE and measure.quantile < P90
    for role in measure.roles[1:]
]


@pytest.mark.parametrize(
    ("table", "measure", "role"), ROLES, ids=[f"{measure.column}-{role.name}" for _, measure, role in ROLES]
)
def test_what_one_person_did_in_another_role_is_not_shown(table, measure, role):
    db = world().connect(table.name)
    db.execute(f"update vault.marts.{table.mart} set {role.person} = 'one' where {measure.evidence} is not null")
    assert ("recomputation", measure.column) in violated(db, table.name)
