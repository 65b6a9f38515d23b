"""Periods of a week stand on the tree, roster and age of their block; one length a deployment."""

import datetime as dt
from functools import cache

import pytest

from expectations.gate import examine
from expectations.policy import Policy
from tests.unit.gate_world import World

WEEKLY = Policy.from_mapping({}, period="week")
UNITS = "vault.intermediate.int_units"
MEMBERS = "vault.intermediate.int_members"


@cache
def world():
    return World(weekly=True)


def violated(db, policy=WEEKLY, table="team_delivery", periods=None):
    return {(one.rule, one.column) for one in examine(db, table, policy, (), periods) if one.count}


@pytest.mark.parametrize("table", ["team_delivery", "team_code_volume", "team_tasks"])
def test_the_right_candidates_pass(table):
    assert violated(world().connect(table), table=table) == set()


def test_a_base_of_five_is_used_and_allowed_by_week_alone():
    assert WEEKLY.base == 5
    rows, _ = world().candidate("team_tasks", world().judged[-1])
    assert any(row[6] % 10 for row in rows if row[6])
    assert WEEKLY.broken() == ()
    assert Policy(base=5).broken() == ("base",)


def test_periods_of_the_other_length_are_refused():
    weeks = violated(world().connect("team_delivery"), Policy())
    assert {("sealed_periods", "period_start"), ("sealed_periods", "period_end")} <= weeks
    assert ("sealed_periods", "period_end") in violated(World().connect("team_delivery"), WEEKLY)


def test_a_week_has_settled_when_it_has_in_the_time_zone_of_the_organisation():
    db = world().connect("team_delivery")
    last = db.execute("select max(period_end) from vault.protected.team_delivery").fetchone()[0]
    db.execute("update vault.ops.clock set as_of = ?", [dt.datetime.combine(last, dt.time()) + dt.timedelta(days=8)])
    assert violated(db) == set()
    eastern, western = (Policy.from_mapping({}, "week", zone) for zone in ("Asia/Tokyo", "America/New_York"))
    assert ("sealed_periods", "period_start") not in violated(db, eastern)
    assert ("sealed_periods", "period_start") in violated(db, western)


def test_a_policy_changed_in_the_middle_of_a_block_is_refused():
    db = world().connect("team_delivery")
    first = world().judged[0]
    db.execute("insert into vault.ops.sealed values ('team_tasks', ?, 'd', 'r1')", [first])
    db.execute("insert into vault.ops.releases values ('r1', ?, ?)", [first, WEEKLY.fingerprint])
    assert violated(db) == set()
    db.execute("update vault.ops.releases set policy = ?", [Policy(k=6, period="week").fingerprint])
    assert ("sealed_periods", "policy") in violated(db)


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (f"update {UNITS} set parent_id = 'g2' where unit_id = 'cc' and period_start = ?", ("hierarchy", "parent_id")),
        (f"delete from {UNITS} where unit_id = 'cc' and period_start = ?", ("hierarchy", "parent_id")),
        (
            f"update {MEMBERS} set team_id = 'dd' where person_key = 'aa-p0' and period_start = ?",
            ("hierarchy", "team_id"),
        ),
        (f"delete from {MEMBERS} where person_key = 'aa-p0' and period_start = ?", ("hierarchy", "team_id")),
    ],
    ids=["a team moves", "a team goes", "somebody moves", "somebody goes"],
)
def test_a_reorganisation_in_the_middle_of_a_block_is_refused(spoil, found):
    db = world().connect("team_delivery")
    db.execute(spoil, [world().judged[2]])
    assert found in violated(db)


def test_a_new_name_in_the_middle_of_a_block_is_no_reorganisation():
    db = world().connect("team_delivery")
    db.execute(f"update {UNITS} set unit_name = 'Other' where unit_id = 'aa' and period_start = ?", [world().judged[2]])
    assert violated(db) == set()


def test_age_counts_blocks_and_not_weeks():
    db = world().connect("team_delivery")
    first = world().judged[0]
    db.execute(f"delete from {UNITS} where unit_id = 'aa' and period_start < ?", [first - dt.timedelta(weeks=4)])
    assert ("union_of_atoms", "unit_id") in violated(db)


def test_week_fifty_three_lies_in_the_last_block():
    from expectations.tree import BLOCK

    db = World().vault()
    days = [dt.date(2026, 11, 30), dt.date(2026, 12, 28), dt.date(2027, 1, 4), dt.date(2025, 12, 29)]
    asked = ", ".join(BLOCK.format(day=f"date '{day}'") for day in days)
    blocks = [dt.date(2026, 11, 30), dt.date(2026, 11, 30), dt.date(2027, 1, 4), dt.date(2025, 12, 29)]
    assert list(db.execute(f"select {asked}").fetchone()) == blocks
