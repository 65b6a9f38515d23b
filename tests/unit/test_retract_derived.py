"""What rests on a released period is released with it or later, and goes with it when it is taken back or restated."""

import json
from dataclasses import asdict, replace
from datetime import timedelta

import pytest

from expectations.measures import COLUMNS, table_named
from expectations.policy import Policy
from expectations.shown import windows
from expectations.verdict import Verdict
from orchestration.clearance import Standard, content
from orchestration.release import ReleaseError
from orchestration.restate import reissue
from orchestration.retract import retract
from orchestration.verify import examined
from tests.unit.release_world import P1, P2, P3, POLICY, RULES
from tests.unit.release_world import world as made

BOTH = ("team_delivery", "team_bottlenecks")
KEY = ("team_delivery", P2)
STATUSES = "select period_start, min(status), max(bottleneck) from team_bottlenecks group by 1 order by 1"


@pytest.fixture
def world(tmp_path, monkeypatch):
    with made(tmp_path, monkeypatch) as world:
        columns = ", ".join(f"{name} {kind}" for name, kind in table_named("team_bottlenecks").columns.items())
        world.vault.execute(f"create table vault.protected.team_bottlenecks ({columns})")
        world.publication = replace(world.publication, tables=("team_bottlenecks", "team_delivery"))
        yield world


def block(world, *starts):
    """Candidates of both tables, with a stage that is named everywhere."""
    for start in starts:
        world.block(start, tables=("team_delivery",))
        names = ", ".join(COLUMNS)
        world.vault.execute(
            f"insert into vault.protected.team_bottlenecks select {names}, 'review', 30, 20 "
            f"from vault.protected.team_delivery where period_start = '{start}'"
        )


def released(world, *starts):
    block(world, *starts)
    world.judge(*starts, tables=BOTH)
    return world.publish()


def test_it_is_released_with_what_it_rests_on(world):
    outcome = released(world, P1, P2)
    assert {(one.table_name, one.period_start) for one in outcome.release.periods} == {
        (table, start) for table in BOTH for start in (P1, P2)
    }


def test_it_stays_back_with_what_it_rests_on_and_comes_later(world):
    block(world, P1)
    world.judge(P1, tables=("team_bottlenecks",))
    outcome = world.publish()
    assert outcome.release is None
    assert ("team_bottlenecks", "team_delivery stays back", 1) in [
        (one.table_name, one.reason, one.periods) for one in outcome.refusals
    ]
    world.judge(P1, tables=("team_delivery",))
    assert {one.table_name for one in world.publish().release.periods} == set(BOTH)


def test_it_stays_back_when_a_period_before_it_does(world):
    """One tree for a period and for good: the first period of the source does not fit, so the second rests on air."""
    world.released(P1)  # team_delivery and team_tasks would fix the tree of P1: here of P1 alone
    block(world, P2, P3)
    world.judge(P2, P3, tables=BOTH)
    world.vault.execute(
        "update vault.ops.verdicts set passed = false where period_start = ? and table_name = ?", [P2, BOTH[0]]
    )
    assert world.publish().release is None


def test_what_rests_on_a_period_goes_with_it(world):
    released(world, P1, P2, P3)
    release = retract(world.vault, world.publication, KEY, "erasure")
    assert {(one.table_name, one.period_start) for one in release.periods} == {
        KEY,
        ("team_bottlenecks", P2),
        ("team_bottlenecks", P3),
    }
    assert world.rows(STATUSES) == [(P1, "published", "review"), (P2, "withheld", None), (P3, "withheld", None)]
    assert examined(release.path).faults == ()
    assert [path.name for path in release.path.parent.iterdir()] == [release.release_id]
    shown = {one.start: one for one in windows(world.vault, "team_delivery", [P3])[P3]}
    assert all(one.is_proved and one.is_released for one in shown.values())
    rows = f"select distinct status from {shown[P2].relation} where period_start = '{P2}'"
    assert world.vault.execute(rows).fetchall() == [("withheld",)]
    assert world.publish().release is None


def test_it_can_be_taken_back_alone(world):
    released(world, P1, P2)
    retract(world.vault, world.publication, ("team_bottlenecks", P1), "wrong-source")
    assert world.rows(STATUSES) == [(P1, "withheld", None), (P2, "published", "review")]
    assert world.rows("select distinct status from team_delivery") == [("published",)]
    assert len(retract(world.vault, world.publication, ("team_delivery", P1), "wrong-source").periods) == 2


def test_what_was_released_under_another_policy_goes_first_and_apart(world):
    released(world, P1)
    block(world, P2)
    stricter, thresholds = Policy(k=7).fingerprint, json.dumps(asdict(Policy(k=7)))
    world.judge(P2, tables=BOTH, policy=stricter)
    world.vault.execute("update vault.ops.policies set thresholds = ? where block_start >= ?", [thresholds, P2])
    world.publish(standard=Standard(stricter, RULES, lambda *_: "e"))
    retract(world.vault, world.publication, ("team_delivery", P1), "erasure")
    told = world.rows("select policy, contents from releases where action = 'retract' order by release_id")
    assert [policy for policy, _ in told] == [stricter, POLICY]
    assert "team_delivery" not in told[0][1]
    assert examined(world.published.resolve()).faults == ()


def test_a_restatement_that_fails_tells_what_it_has_withdrawn(world):
    """Its tree was written anew, which is noticed when the release is compared."""
    case, made_by = restatement(world)
    world.vault.execute("update vault.intermediate.int_units set parent_id = 'acme' where unit_id = 'red'")
    withdrawn = f"is withdrawn .team_bottlenecks of {P2}, team_bottlenecks of {P3}., but it was not restated"
    with pytest.raises(ReleaseError, match=f"{withdrawn}.*changed while the release was written"):
        reissue(world.vault, made_by, case, "late-data")
    assert world.rows(STATUSES) == [(P1, "published", "review"), (P2, "withheld", None), (P3, "withheld", None)]
    assert world.rows("select action from releases order by release_id") == [("publish",), ("retract",)]


def test_a_restatement_takes_back_what_rests_on_it_first(world):
    case, made_by = restatement(world)
    base, start = world.vault, KEY[1]
    release = reissue(base, made_by, case, "late-data")
    told = world.rows("select action, reason from releases order by release_id")
    assert told == [("publish", None), ("retract", "late-data"), ("restate", "late-data")]
    assert world.rows(STATUSES) == [(P1, "published", "review"), (P2, "withheld", None), (P3, "withheld", None)]
    assert examined(release.path).faults == ()
    shown = {one.start: one for one in windows(base, "team_delivery", [P3])[P3]}
    assert all(one.is_proved for one in shown.values())
    rows = f"select distinct changes_merged from {shown[P2].relation} where period_start = '{start}'"
    assert base.execute(rows).fetchall() == [(30,)]
    assert P3 - start == timedelta(weeks=4)


def restatement(world):
    """Three periods that were released, and the second one anew, ready to be reissued."""
    released(world, P1, P2, P3)
    base, (table, start) = world.vault, KEY
    base.execute("attach ':memory:' as scratch; create schema scratch.protected; create schema scratch.intermediate")
    base.execute("create schema scratch.marts; create schema vault.marts")
    for catalog in ("vault", "scratch"):
        base.execute(f"create table {catalog}.marts.mart_delivery (period_start date, team_id varchar)")
        base.execute(
            f"create table {catalog}.intermediate.int_ledger (table_name varchar, quantity varchar, role varchar, "
            "period_start date, team_id varchar, person_key varchar, value bigint)"
        )
    changed = "select * replace (changes_merged + 10 as changes_merged) from vault.protected.team_delivery"
    base.execute(f"create table scratch.protected.team_delivery as {changed}")
    base.execute("create table scratch.protected.cells as from vault.protected.cells")
    (period,) = content(base, "scratch.protected", table, [start])
    verdict = Verdict(table, start, period.digest, "e", POLICY, RULES, passed=True, findings=())
    return (KEY, verdict, Policy()), replace(world.publication, standard=Standard(POLICY, RULES))
