"""Attacks on what was released: another vault, another tree, another policy, the past written anew.

Numbers as in the catalogue of attacks: 38 (two policies or trees for one period; a fresh home with the old
`published`, an old home with a fresh one), 43 (a policy lowered for one night), 50 (the roster's owner).
"""

import shutil
from dataclasses import replace
from datetime import date, timedelta
from types import SimpleNamespace

import duckdb
import pytest

from expectations.policy import Policy
from orchestration.clearance import Standard
from orchestration.clock import midnight
from orchestration.errors import ConfigError
from orchestration.policies import freeze
from orchestration.register import RELEASES, entries
from orchestration.release import ReleaseError
from orchestration.tables import set_clock
from orchestration.verify import examined
from tests.unit.release_world import P1, P2, P3, RULES, TABLES
from tests.unit.release_world import world as made

LOWER = Policy(k=3)


@pytest.fixture
def world(tmp_path, monkeypatch):
    with made(tmp_path, monkeypatch) as world:
        yield world


@pytest.fixture
def other(tmp_path, monkeypatch):
    """Another vault of the same company."""
    with made(tmp_path / "other", monkeypatch) as world:
        yield world


def refused(world, said):
    before = world.files()
    with pytest.raises(ReleaseError, match=said):
        world.publish()
    assert world.files() == before


@pytest.mark.attack(38)
def test_38_a_fresh_home_beside_the_old_published(world, other):
    world.released(P1)
    other.publication = replace(other.publication, published=world.published)
    other.block(P1, value=990)
    other.judge(P1)
    refused(other, r"not released by this vault: use the vault that released it \(QUORUM_HOME\)\. Nothing was changed$")


@pytest.mark.attack(38)
def test_38_an_old_home_beside_a_fresh_published(world):
    world.released(P1)
    world.published.unlink()
    shutil.rmtree(world.published.parent / "releases")
    refused(world, "2026-11-23-1")


@pytest.mark.attack(38)
def test_38_the_release_of_another_vault_in_the_place_of_ours(world, other):
    ours = world.released(P1).release.path
    other.block(P1, value=990)
    other.judge(P1)
    theirs = other.publish().release.path
    shutil.rmtree(ours)
    shutil.copytree(theirs, ours)
    assert examined(ours).faults == ()
    refused(world, "not released by this vault")


@pytest.mark.attack(38)
def test_38_an_older_release_put_back(world):
    first = world.released(P1).release
    world.released(P2)
    world.published.unlink()
    world.published.symlink_to(f"releases/{first.release_id}")
    refused(world, "not the last release")


@pytest.mark.attack(38)
def test_38_a_release_that_names_ours_as_its_past(world):
    world.released(P1)
    world.released(P2)
    world.vault.execute("delete from vault.ops.releases where release_id = '2026-11-23-2'")
    world.vault.execute("delete from vault.ops.sealed where release_id = '2026-11-23-2'")
    refused(world, "not released by this vault")


@pytest.mark.attack(38)
def test_38_a_second_tree_for_a_period_that_was_released(world):
    world.block(P1)
    world.judge(P1, tables=("team_delivery",))
    assert {one.table_name for one in world.publish().release.periods} == {"team_delivery"}
    world.vault.execute("update vault.intermediate.int_units set parent_id = 'acme' where unit_id = 'red'")
    world.judge(P1, tables=("team_tasks",))
    outcome = world.publish()
    assert outcome.release is None
    assert [one.reason for one in outcome.refusals] == ["released before under another tree"]


@pytest.mark.attack(38)
def test_38_a_tree_rewritten_for_the_past_stops_every_release(world):
    world.released(P1)
    world.vault.execute("update vault.intermediate.int_units set parent_id = 'acme' where unit_id = 'red'")
    world.block(P2)
    world.judge(P2)
    before = world.published.resolve()
    with pytest.raises(ReleaseError, match="changed while"):
        world.publish()
    assert world.published.resolve() == before


@pytest.mark.attack(38)
def test_38_a_second_policy_for_a_period_that_was_released(world):
    world.block(P1)
    world.judge(P1, tables=("team_delivery",))
    world.publish()
    world.vault.execute("delete from vault.ops.policies")
    freeze(world.vault, LOWER)  # even if somebody makes the vault believe that the block began under it
    world.judge(P1, tables=("team_tasks",), policy=LOWER.fingerprint)
    outcome = world.publish(standard=Standard(LOWER.fingerprint, RULES))
    assert outcome.release is None
    assert [one.reason for one in outcome.refusals] == ["released before under another policy"]


@pytest.mark.attack(43)
def test_43_a_policy_lowered_for_one_night(world):
    """The gate of that night is fooled into judging by it: the block began under another one."""
    world.released(P1)
    world.block(P2)
    world.judge(P2, policy=LOWER.fingerprint)
    outcome = world.publish(standard=Standard(LOWER.fingerprint, RULES))
    assert outcome.release is None
    assert {one.reason for one in outcome.refusals} == {"its block began under another policy"}


def tonight(world, day: date, asked: Policy) -> Policy:
    """Which policy a night works by."""
    from orchestration.policies import in_force

    set_clock(world.vault, midnight(day))

    def copied(update):
        return SimpleNamespace(**update)

    return in_force(world.vault, SimpleNamespace(policy=asked, model_copy=copied)).policy


@pytest.mark.attack(43)
def test_43_a_new_policy_counts_from_the_first_block_that_begins_under_it(world):
    assert tonight(world, date(2026, 11, 24), Policy(k=4)).k == 4, "before the first release it is free"
    tonight(world, date(2026, 11, 24), Policy())
    for start in (P1, P2, P3):
        world.block(start)
    world.judge(P1, P2, P3)
    world.publish()
    assert tonight(world, date(2026, 11, 25), LOWER).k == 5
    assert tonight(world, date(2026, 12, 14), LOWER).k == 5, "the block of 2 November began under the old one"
    world.block(date(2026, 11, 2))
    world.judge(date(2026, 11, 2))
    world.publish()
    assert tonight(world, date(2026, 12, 15), Policy()).k == 3, (
        "that of 30 November under the new, whatever is said now"
    )


@pytest.mark.attack(23)
def test_23_a_second_length_of_periods_is_refused(world):
    tonight(world, date(2026, 11, 24), Policy())
    world.released(P1)
    with pytest.raises(ConfigError, match="set it back to four_weeks"):
        tonight(world, date(2026, 11, 25), Policy(period="week"))


@pytest.mark.attack(22)
def test_another_time_zone_would_count_what_lies_at_the_edges_twice_and_is_refused(world):
    tonight(world, date(2026, 11, 24), Policy())
    world.released(P1)
    with pytest.raises(ConfigError, match="time_zone: .* set it back to UTC"):
        tonight(world, date(2026, 11, 25), Policy(time_zone="Europe/Berlin"))


def test_weeks_stand_under_the_tree_of_their_block(world):
    set_clock(world.vault, midnight(date(2026, 11, 23)), "week")
    second, later = P1 + timedelta(weeks=1), P2 + timedelta(weeks=1)
    for block, week in ((P1, second), (P2, later)):
        world.block(block)
        for relation in ("team_delivery", "team_tasks", "cells"):
            world.vault.execute(
                f"update vault.protected.{relation} set period_start = ? where period_start = ?", [week, block]
            )
    world.judge(second, later)
    world.publish()
    assert world.rows("select period_start, period_end from periods where table_name = 'team_tasks' order by 1") == [
        (start, start + timedelta(days=6)) for start in (second, later)
    ]
    assert world.rows("select distinct valid_from, valid_to from units") == [(P1, None)]
    assert examined(world.published.resolve()).faults == ()


@pytest.mark.attack(50)
def test_50_movements_of_people_and_accounts_are_told_in_bands(world):
    members = [(P1, "red", f"p{n}") for n in range(8)] + [(P1, "blue", f"p{n}") for n in range(8, 16)]
    later = [(P2, "blue", f"p{n}") for n in range(6)] + [(P2, "blue", f"p{n}") for n in range(8, 14)]
    later += [(P2, "red", f"new{n}") for n in range(3)]
    world.vault.executemany("insert into vault.intermediate.int_members values (?, ?, ?)", [*members, *later])
    accounts = [(start, f"a{n}", f"p{n}") for start in (P1, P2) for n in range(8)]
    world.vault.executemany("insert into vault.intermediate.int_accounts values (?, ?, ?)", accounts)
    world.vault.execute(
        "update vault.intermediate.int_accounts set person_key = 'p0' where account_key = 'a1' and period_start = ?",
        [P2],
    )
    world.released(P1, P2)
    told = "select changed_team, joined, left_out, changed_account from movers order by period_start"
    assert world.rows(told) == [(None, None, None, None), ("6-9", "1-5", "1-5", "1-5")]


REWRITTEN = {
    "a reason": "update {} set reason = 'late-data'",
    "a policy": "update {} set policy = 'another'",
    "a digest of content": "update {} set contents = replace(contents, '2026-08-10', '2026-08-11')",
    "a day": "update {} set released_on = released_on - 1",
    "the first entry gone": "delete from {} where previous is null",
    "the last entry gone": "delete from {} where previous is not null",
    "an entry twice": "insert into {0} from {0}",
}


@pytest.mark.attack(38)
@pytest.mark.parametrize("what", REWRITTEN)
def test_no_entry_of_the_chain_can_be_changed_dropped_or_added(world, what):
    path = world.released(P1).release.path
    path = world.released(P2).release.path
    world.edit(REWRITTEN[what].format("releases"))
    with duckdb.connect(path / "quorum.duckdb", read_only=True) as base:
        base.execute(f"copy (from releases) to '{path / 'parquet' / 'releases.parquet'}' (format parquet)")
    assert examined(path).faults
    with pytest.raises(ReleaseError):
        world.publish()


@pytest.mark.attack(38)
@pytest.mark.parametrize("what", REWRITTEN)
def test_the_vaults_own_chain_is_checked_too(world, what):
    world.released(P1)
    world.released(P2)
    world.vault.execute(REWRITTEN[what].format("vault.ops.releases"))
    refused(world, "vault")


@pytest.mark.attack(38)
def test_a_past_written_anew_as_a_whole_is_noticed_by_who_noted_a_digest(world, other):
    world.released(P1)
    noted = entries(world.vault, RELEASES)[-1].digest
    assert examined(world.released(P2).release.path, noted).faults == ()
    other.block(P1, value=990)
    other.judge(P1)
    forged = other.publish().release.path
    assert examined(forged).faults == ()
    assert "the past was written anew" in examined(forged, noted).faults[0]


@pytest.mark.attack(51)
def test_the_register_holds_no_digest_of_a_blocked_candidate(world):
    """A digest of two unknown cells would be solved in a moment."""
    world.block(P1)
    world.judge(P1, tables=("team_delivery",))
    world.judge(P1, tables=("team_tasks",), passed=False)
    world.publish()
    (entry,) = entries(world.vault, RELEASES)
    assert set(entry.contents) == {"team_delivery"} < set(TABLES)
    blocked = [
        row[0] for row in world.vault.execute("select content from vault.ops.verdicts where not passed").fetchall()
    ]
    path = world.published.resolve()
    assert not any(
        digest.encode() in one.read_bytes() for one in path.rglob("*") if one.is_file() for digest in blocked
    )
