"""Shares of the cycle time and spreads of reviews: recomputed, all or none, and nothing hides in what is left over."""

from functools import cache

import pytest

from expectations.gate import examine
from expectations.policy import Policy
from tests.unit.gate_company import DEEP, STAGES
from tests.unit.gate_world import JUDGED, World

LAST = JUDGED[-1]
TEAM = "vault.protected.team_delivery"
REVIEW = "vault.protected.team_review"
LEDGER = "vault.intermediate.int_ledger"
SHARES = [f"{stage}_share_pct" for stage in (*STAGES, "other_stages")]


@cache
def world(deep=False):
    return World(tree=DEEP) if deep else World()


def violated(db, table="team_delivery"):
    return {(one.rule, one.column) for one in examine(db, table, Policy(), (), [LAST]) if one.count}


@pytest.mark.parametrize("seed", [1, 2, 3])
@pytest.mark.parametrize("table", ["team_delivery", "team_review", "team_tasks"])
def test_the_right_candidates_pass(seed, table):
    assert violated(World(seed, tree=DEEP).connect(table), table) == set()


def test_the_company_tells_shares_and_spreads_of_every_kind():
    rows = [row for deep in (False, True) for row in world(deep).candidate("team_delivery", LAST)[0]]
    told = [row[-7:] for row in rows if row[4] == "published"]
    assert any(share == (None,) * 7 for share in told)
    assert all(sum(filter(None, share)) in (0, 100) for share in told)
    assert {sum(value is not None for value in share) for share in told} >= {0, 3, 6}
    words = {row[-1] for row in world().candidate("team_review", LAST)[0]}
    assert words == {None, "even", "mixed", "concentrated"}


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (f"update {TEAM} set pickup_share_pct = pickup_share_pct + 5 where unit_id = 'aa'", "pickup_share_pct"),
        (f"update {TEAM} set pickup_share_pct = pickup_share_pct + 5 where unit_id = 'acme'", "pickup_share_pct"),
        (f"update {TEAM} set other_stages_share_pct = null where unit_id = 'aa'", "other_stages_share_pct"),
        (f"update {TEAM} set unapproved_review_share_pct = 5 where unit_id = 'aa'", "unapproved_review_share_pct"),
        (f"update {TEAM} set coding_share_pct = 20 where unit_id = 'rest:g1'", "coding_share_pct"),
    ],
    ids=["a step more", "above", "a sum below 100", "a stage of few", "a stage that had to join"],
)
def test_another_share_is_refused(spoil, found):
    db = world().connect("team_delivery")
    db.execute(spoil)
    assert ("recomputation", found) in violated(db)


@pytest.mark.parametrize(
    ("role", "stages"), [("reviewer", ("pickup", "review")), ("merger", ("merge_wait", "unreviewed_wait"))]
)
def test_a_stage_that_is_one_persons_conduct_in_another_role_is_not_shown(role, stages):
    db = world().connect("team_delivery")
    assert violated(db) == set()
    db.execute(f"delete from {LEDGER} where period_start = ? and role = ? and team_id = 'gg'", [LAST, role])
    for stage in stages:
        row = ["team_delivery", f"{stage}_seconds", role, LAST, "gg", "gg-p0", 90000]
        db.execute(f"insert into {LEDGER} values (?, ?, ?, ?, ?, ?, ?)", row)
    assert {("recomputation", f"{stage}_share_pct") for stage in stages} <= violated(db)


def test_where_a_machine_merges_the_wait_is_the_authors_alone():
    db = world().connect("team_delivery")
    db.execute(f"delete from {LEDGER} where period_start = ? and role = 'merger' and team_id = 'gg'", [LAST])
    assert ("recomputation", "merge_wait_share_pct") not in violated(db)


def test_time_back_in_the_queue_is_told_among_the_others_alone():
    told = [row[-3:] for row in world().candidate("team_tasks", LAST)[0] if row[4] == "published"]
    assert {tuple(share is not None for share in row) for row in told} >= {(True, True, True), (True, False, True)}
    assert all(sum(filter(None, row)) in (0, 100) for row in told)
    db = world().connect("team_tasks")
    db.execute("update vault.protected.team_tasks set waiting_share_pct = 5 where waiting_share_pct is null")
    assert ("recomputation", "waiting_share_pct") in violated(db, "team_tasks")


def test_who_reviewed_lately_is_no_author_lately():
    db = world().connect("team_delivery")
    db.execute(f"delete from {LEDGER} where team_id = 'aa' and role = 'author' and period_start < ?", [LAST])
    assert {("roster", "changes_merged"), ("union_of_atoms", "unit_id")} <= violated(db)


def test_a_stage_without_a_clip_counts_as_nothing():
    db = world().connect("team_delivery")
    db.execute(f"delete from {LEDGER} where quantity = 'pickup_seconds' and period_start < ?", [JUDGED[0]])
    assert {("recomputation", "pickup_share_pct"), ("recomputation", "coding_share_pct")} <= violated(db)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (
            f"update {REVIEW} set review_load_spread = 'even' where unit_id = 'ff'",
            ("recomputation", "review_load_spread"),
        ),
        (
            f"update {REVIEW} set review_load_spread = null where unit_id = 'ff'",
            ("recomputation", "review_load_spread"),
        ),
        (
            f"update {REVIEW} set review_load_spread = 'even' where unit_id = 'aa'",
            ("recomputation", "review_load_spread"),
        ),
        (f"update {REVIEW} set review_load_spread = '0.53' where unit_id = 'ff'", ("shape", "review_load_spread")),
        (f"update {REVIEW} set review_load_spread = 'Ada' where unit_id = 'xx'", ("shape", "review_load_spread")),
    ],
    ids=["another word", "no word", "too few people", "a number", "a name"],
)
def test_another_spread_is_refused(spoil, found):
    db = world().connect("team_review")
    db.execute(spoil)
    assert found in violated(db, "team_review")
