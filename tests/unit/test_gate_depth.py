"""Groups may lie in groups to any depth: totals, rests and the grid follow the tree; a rest stays where it was made."""

from functools import cache

import pytest

from expectations.gate import examine
from expectations.policy import Policy
from tests.unit.gate_company import DEEP
from tests.unit.gate_world import JUDGED, World

LAST = JUDGED[-1]
CELLS = "vault.protected.cells"
TEAM = "vault.protected.team_delivery"
SIX = {"l1": {"l2": {"l3": {"l4": {"aa": 9, "bb": 8, "cc": 3}}, "dd": 10}, "ee": 9}}


@cache
def world():
    return World(tree=DEEP)


def violated(db, table="team_delivery"):
    return {(one.rule, one.column) for one in examine(db, table, Policy(), (), [LAST]) if one.count}


@pytest.mark.parametrize("table", ["team_delivery", "team_code_volume", "team_tasks"])
@pytest.mark.parametrize(("seed", "tree"), [(1, DEEP), (2, DEEP), (1, SIX)])
def test_the_right_candidates_pass(table, seed, tree):
    assert violated(World(seed, tree=tree).connect(table), table) == set()


def test_the_company_has_rests_on_every_level():
    atoms = world().atoms("team_delivery", LAST)
    assert {"rest:s1", "rest:t1", "rest:org", "jj", "ff"} <= set(atoms)
    assert len({world().parents[leaf] for leaf in atoms["rest:org"]}) >= 3


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (f"update {CELLS} set unit_id = 'rest:s2' where unit_id = 'rest:t1'", ("union_of_atoms", "unit_id")),
        (f"update {CELLS} set unit_id = 'rest:d2' where unit_id = 'rest:t1'", ("recomputation", "changes_merged")),
        (f"update {CELLS} set unit_id = 'rest:d1' where unit_id = 'rest:org'", ("union_of_atoms", "unit_id")),
        (f"update {CELLS} set unit_id = 't1' where unit_id = 'rest:t1'", ("union_of_atoms", "unit_id")),
        (f"update {CELLS} set unit_id = 'rest:jj' where unit_id = 'jj'", ("union_of_atoms", "unit_id")),
        (f"delete from {TEAM} where unit_id = 'rest:s4'", ("full_grid", "unit_id")),
        (
            f"update {TEAM} set changes_merged = changes_merged + 10 where unit_id = 's4'",
            ("recomputation", "changes_merged"),
        ),
        (f"update {TEAM} set size_band = '50+' where unit_id = 't1'", ("recomputation", "size_band")),
    ],
    ids=["elsewhere", "higher up", "across", "a group", "a team", "no row", "a total", "a size"],
)
def test_it_refuses(spoil, found):
    db = world().connect("team_delivery")
    db.execute(spoil)
    assert found in violated(db)


def test_a_rest_in_one_group_still_counts_only_where_it_was_made():
    """All of its teams happen to lie below `s4`, but it was made at `d2`: `s4` alone may not have it in its total."""
    db = world().connect("team_delivery")
    db.execute(f"update {CELLS} set unit_id = 'rest:d2' where unit_id = 'rest:t1'")
    assert ("union_of_atoms", "unit_id") in violated(db)  # t1 says published, and has no atom any more
    counts = "select changes_merged from vault.protected.team_delivery where unit_id = '{}' and period_start = ?"
    (moved,) = db.execute(counts.format("rest:t1"), [LAST]).fetchone()
    db.execute(f"update {TEAM} set changes_merged = changes_merged - {moved} where unit_id = 's4'")
    others = [one for one in examine(db, "team_delivery", Policy(), (), [LAST]) if one.column == "changes_merged"]
    assert [one.count for one in others if one.rule == "recomputation"] == [3]  # t1, rest:t1, rest:d2; not s4
