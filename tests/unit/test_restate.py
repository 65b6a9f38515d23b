"""A period is published once more only if nobody can subtract the two and be left with the work of a few."""

from dataclasses import replace

import pytest

from expectations.policy import Policy
from expectations.verdict import Verdict
from orchestration import publish as publishing
from orchestration.clearance import Standard, content
from orchestration.pause import pause
from orchestration.register import RELEASES, entries
from orchestration.release import ReleaseError, Shelf
from orchestration.restate import reissue
from orchestration.retract import retract
from orchestration.verify import examined
from tests.unit.release_world import P1, P2, POLICY, RULES
from tests.unit.release_world import world as made

KEY = ("team_delivery", P1)
PEOPLE = [f"p{n}" for n in range(10)]
EVIDENCE = """
create schema if not exists {0}.intermediate; create schema {0}.marts; create schema if not exists {0}.protected;
create table {0}.intermediate.int_ledger (table_name varchar, quantity varchar, role varchar, period_start date,
    team_id varchar, person_key varchar, value bigint);
create table {0}.marts.mart_delivery (period_start date, team_id varchar, change_key varchar, author_key varchar,
    reviewer_key varchar, merger_key varchar, cycle_seconds bigint, is_unreviewed boolean);
"""


@pytest.fixture
def world(tmp_path, monkeypatch):
    """A period of two teams of ten, released; every person has five changes, reviewed by the next one."""
    with made(tmp_path, monkeypatch) as world:
        base = world.vault
        base.execute(
            "create table vault.intermediate.int_constants as select 'team_delivery' as table_name, "
            "'changes_merged' as quantity, 'author' as role, 2026 as iso_year, 20.0 as clip, 10 as base"
        )
        base.execute(EVIDENCE.format("vault"))
        base.execute("attach ':memory:' as scratch")
        base.execute(EVIDENCE.format("scratch"))
        fill(base, "vault", dict.fromkeys(PEOPLE, 5))
        world.released(P1)
        yield world


def fill(base, catalog, changes):
    """The evidence of a version: how many changes each person of either team merged."""
    base.execute(f"delete from {catalog}.intermediate.int_ledger; delete from {catalog}.marts.mart_delivery")
    for team in ("red", "blue"):
        for number, (person, count) in enumerate(changes.items()):
            who = f"{team}-{person}" if person.startswith("p") else person
            row = ["team_delivery", "changes_merged", "author", P1, team, who, count]
            base.execute(f"insert into {catalog}.intermediate.int_ledger values (?, ?, ?, ?, ?, ?, ?)", row)
            reviewer = f"{team}-{PEOPLE[(number + 1) % len(PEOPLE)]}"
            base.execute(
                f"insert into {catalog}.marts.mart_delivery "
                "select ?, ?, 'c' || n, ?, ?, ?, 3600 * n, false from range(?) as r(n)",
                [P1, team, who, reviewer, who, count],
            )


def restated(world, changes, value=30, reason="late-data", spoilt=""):
    """The command, from where the scratch vault is built and judged."""
    base = world.vault
    fill(base, "scratch", changes)
    base.execute(spoilt or "select 1")
    base.execute("drop table if exists scratch.protected.team_delivery; drop table if exists scratch.protected.cells")
    base.execute(
        "create table scratch.protected.team_delivery as "
        f"select * replace ({value}::bigint as changes_merged) from vault.protected.team_delivery"
    )
    base.execute("create table scratch.protected.cells as from vault.protected.cells")
    (period,) = content(base, "scratch.protected", KEY[0], [KEY[1]])
    verdict = Verdict(*KEY, period.digest, "e", POLICY, RULES, passed=True, findings=())
    publication = replace(world.publication, standard=Standard(POLICY, RULES))
    return reissue(base, publication, (KEY, verdict, Policy()), reason)


def more(*people, by=5):
    """These people did that much more."""
    return {person: 5 + (by if person in people else 0) for person in PEOPLE}


def test_late_work_of_enough_people_is_published_with_its_reason(world):
    release = restated(world, more(*PEOPLE[:6]))
    assert world.rows("select distinct changes_merged from team_delivery") == [(30,)]
    assert world.rows("select distinct tasks_completed from team_tasks") == [(20,)]
    assert world.rows("select action, reason from releases order by release_id") == [
        ("publish", None),
        ("restate", "late-data"),
    ]
    assert examined(release.path).faults == ()
    assert world.publish().release is None
    assert world.vault.execute("select count(*), any_value(value) from vault.intermediate.int_ledger").fetchone() == (
        20,
        5,
    )


ONE, FOUR, MOST = more("p0"), more(*PEOPLE[:4]), more(*PEOPLE[:6], by=1) | {"p0": 20}
TOO_FEW = {
    "one late change": ONE,
    "four people": FOUR,
    "one person did most of what is new": MOST,
    "one who left out": dict.fromkeys(PEOPLE[1:], 5),
    "one who takes another's place": {("late" if person == "p0" else person): 5 for person in PEOPLE},
}


@pytest.mark.parametrize("what", TOO_FEW)
def test_24_a_difference_that_is_the_work_of_a_few_is_refused(world, what):
    before = world.files()
    with pytest.raises(ReleaseError, match=r"the work of too few.*changes_merged \(2\).*only be retracted"):
        restated(world, TOO_FEW[what])
    assert world.files() == before
    assert len(entries(world.vault, RELEASES)) == 1


def test_what_the_clip_hides_is_no_difference(world):
    """Six did more; three of them were clipped already, so that a reader would see the work of three."""
    clipped = dict.fromkeys(PEOPLE[:3], 20)
    fill(world.vault, "vault", more() | clipped)
    with pytest.raises(ReleaseError, match=r"the work of too few.*changes_merged \(2\)"):
        restated(world, more(*PEOPLE[:6]) | dict.fromkeys(PEOPLE[:3], 25))


def test_events_behind_a_median_count_though_no_quantity_changed(world):
    """One change took longer than was known: whose it was would be told by the two medians."""
    longer = (
        "update scratch.marts.mart_delivery set cycle_seconds = 900000 "
        "where author_key = 'red-p0' and change_key = 'c1'"
    )
    with pytest.raises(ReleaseError, match=r"cycle_time_hours_p50 \(1\)"):
        restated(world, more(), spoilt=longer)
    assert len(entries(world.vault, RELEASES)) == 1


def test_24_all_that_was_ever_released_counts(world):
    """From the second to the third version nothing is wrong; from the first to the third, four people stand out."""
    restated(world, more(*PEOPLE[:9]))
    back = more(*PEOPLE[:4])
    with pytest.raises(ReleaseError, match="the work of too few"):
        restated(world, back, value=40)
    assert len(world.vault.execute("from vault.restated.int_ledger").fetchall()) == 20


def test_24_a_retracted_release_counts_too(world):
    retract(world.vault, world.publication, KEY, "late-data")
    with pytest.raises(ReleaseError, match="the work of too few"):
        restated(world, ONE)
    release = restated(world, more(*PEOPLE[:6]))
    assert world.rows("select distinct status from team_delivery") == [("published",)]
    assert examined(release.path).faults == ()


@pytest.mark.parametrize("reason", ["erasure", "wrong-roster", "Ada was on leave"])
def test_rosters_are_frozen_and_reasons_are_few(world, reason):
    with pytest.raises(ReleaseError, match="the reason is one of late-data, wrong-source"):
        restated(world, more(*PEOPLE[:6]), reason=reason)


def test_the_same_numbers_are_not_released_twice(world):
    with pytest.raises(ReleaseError, match="as it is"):
        restated(world, more(*PEOPLE[:6]), value=20)


def test_a_pause_stops_it(world):
    pause(world.publication.home, "drill")
    with pytest.raises(ReleaseError, match="paused"):
        restated(world, more(*PEOPLE[:6]))
    assert len(entries(world.vault, RELEASES)) == 1


@pytest.mark.parametrize("step", ["place", "intend", "swap", "seal"])
def test_a_crash_at_any_step_leaves_the_old_or_the_new_and_its_evidence(world, monkeypatch, step):
    owner = publishing.register if step in ("intend", "seal") else Shelf
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            restated(world, more(*PEOPLE[:6]))
    seen = step == "seal"
    assert world.rows("select distinct changes_merged from team_delivery") == [(30 if seen else 20,)]
    world.repair()
    assert len(entries(world.vault, RELEASES)) == 1 + seen
    names = world.vault.execute(
        "select count(*) from duckdb_tables() where schema_name = 'restated' and table_name = 'int_ledger'"
    ).fetchone()
    kept = world.vault.execute("select count(*) from vault.restated.int_ledger").fetchone() if names[0] else (0,)
    assert kept == (20 * seen,)
    world.released(P2)
    assert examined(world.published.resolve()).faults == ()
