"""Nothing leaves the vault without a verdict for exactly that content, and what left stays as it was."""

from dataclasses import replace
from datetime import date

import pytest

from orchestration import publish as publishing
from orchestration.clock import midnight
from orchestration.release import ReleaseError
from orchestration.verify import examined
from tests.unit.release_world import COMPANIONS, P1, P2, POLICY, TABLES, TODAY
from tests.unit.release_world import world as made


@pytest.fixture(name="world")
def _world(tmp_path, monkeypatch):
    with made(tmp_path, monkeypatch) as world:
        yield world


def test_a_judged_period_is_released_whole(world):
    release = world.released(P1).release
    assert release.release_id == "2026-11-23-1"
    assert str(world.published.readlink()) == "releases/2026-11-23-1"
    assert [row[0] for row in world.rows("select unit_id from team_delivery")] == ["acme", "blue", "red", "web"]
    assert world.rows("select distinct table_name, period_start, release_id from periods order by 1") == [
        ("team_delivery", P1, "2026-11-23-1"),
        ("team_tasks", P1, "2026-11-23-1"),
    ]
    assert len(world.rows("from cells")) == 4
    assert world.rows("select release_id, released_on, action, reason, policy from releases") == [
        ("2026-11-23-1", TODAY, "publish", None, POLICY)
    ]
    assert "2026-11-23-1" in (release.path / "report" / "index.html").read_text()
    told = world.rows("select table_name, name, unit from metric_dictionary where name like '%_merged'")
    assert told == [("team_delivery", "changes_merged", "changes")]
    assert {path.stem for path in (release.path / "parquet").iterdir()} == {*TABLES, *COMPANIONS}
    sealed = world.vault.execute("select count(*), any_value(release_id) from vault.ops.sealed").fetchone()
    assert sealed == (2, "2026-11-23-1")
    bases = world.vault.execute("select database_name from duckdb_databases() where not internal order by 1")
    assert bases.fetchall() == [("memory",), ("vault",)]


def test_nothing_leaves_without_a_verdict(world):
    world.block(P1)
    outcome = world.publish()
    assert outcome.release is None
    assert {(one.table_name, one.reason, one.periods) for one in outcome.refusals} == {
        (table, "no verdict", 1) for table in TABLES
    }
    assert not world.published.exists()


SPOILT = {
    "no verdict": "delete from vault.ops.verdicts where period_start = '2026-09-07'",
    "changed after the verdict": "update vault.protected.team_delivery set changes_merged = 30 where unit_id = 'red'",
    "refused by the gate": "insert into vault.ops.verdicts select * replace (false as passed) from vault.ops.verdicts",
    "judged by another policy": "update vault.ops.verdicts set policy = 'policy-0'",
    "judged by other rules": "update vault.ops.verdicts set rules = 'rules-0'",
    "evidence changed after the verdict": "update vault.ops.verdicts set evidence = 'other'",
}


@pytest.mark.parametrize("reason", SPOILT)
def test_a_verdict_for_something_else_publishes_nothing_and_touches_no_file(world, reason):
    world.released(P1)
    before = world.files()
    world.block(P2, tables=("team_delivery",))
    world.judge(P2, tables=("team_delivery",))
    world.vault.execute(SPOILT[reason])
    outcome = world.publish()
    assert outcome.release is None
    assert [(one.table_name, one.reason, one.periods) for one in outcome.refusals] == [("team_delivery", reason, 1)]
    assert world.files() == before


def test_an_edited_cell_counts_as_changed_content(world):
    world.block(P1)
    world.judge(P1)
    world.vault.execute("delete from vault.protected.cells where team_id = 'red' and table_name = 'team_tasks'")
    outcome = world.publish()
    assert [one.table_name for one in outcome.refusals] == ["team_tasks"]
    assert {one.table_name for one in outcome.release.periods} == {"team_delivery"}


def test_a_table_refused_as_a_whole_stays_back(world):
    world.block(P1)
    world.judge(P1)
    world.vault.execute("insert into vault.ops.verdicts (table_name, passed) values ('team_tasks', false)")
    outcome = world.publish()
    assert [(one.table_name, one.reason) for one in outcome.refusals] == [("team_tasks", "refused by the gate")]
    assert {one.table_name for one in outcome.release.periods} == {"team_delivery"}


def test_one_bad_period_keeps_its_whole_table_back_and_no_other(world):
    for start in (P1, P2):
        world.block(start)
    world.judge(P1, P2)
    world.judge(P2, tables=("team_tasks",), passed=False)
    outcome = world.publish()
    assert {one.table_name for one in outcome.release.periods} == {"team_delivery"}
    assert world.rows("from team_tasks") == []


def test_a_vault_that_dbt_has_not_seen_has_nothing_to_publish(world):
    world.vault.execute("drop table vault.intermediate.int_units")
    world.vault.execute("drop table vault.protected.team_tasks; drop table vault.protected.team_delivery")
    assert world.publish() == publishing.Outcome(None, ())


def test_a_night_without_news_touches_no_file(world):
    world.released(P1)
    before = world.files()
    assert world.publish(clock=midnight(date(2026, 11, 24))).release is None
    assert world.files() == before


def test_sealed_rows_come_from_the_last_release_not_from_the_vault(world):
    world.released(P1)
    world.vault.execute("update vault.protected.team_delivery set changes_merged = 990")
    world.released(P2)
    assert world.rows("select distinct period_start, changes_merged from team_delivery order by 1") == [
        (P1, 20),
        (P2, 20),
    ]
    assert world.rows("select distinct period_start, release_id from periods order by 1") == [
        (P1, "2026-11-23-1"),
        (P2, "2026-11-23-2"),
    ]


def test_a_measure_that_is_added_later_is_empty_where_it_was_sealed_without_it(world):
    world.vault.execute("alter table vault.protected.team_delivery drop column cycle_time_hours_p50")
    world.released(P1)
    world.vault.execute("alter table vault.protected.team_delivery add column cycle_time_hours_p50 double")
    world.block(P2)
    world.vault.execute(
        f"update vault.protected.team_delivery set cycle_time_hours_p50 = 8 where period_start = '{P2}'"
    )
    world.judge(P2)
    world.publish()
    assert world.rows("select distinct period_start, cycle_time_hours_p50 from team_delivery order by 1") == [
        (P1, None),
        (P2, 8.0),
    ]
    assert world.publish() == publishing.Outcome(None, ())
    assert examined(world.published).faults == ()


def test_a_table_that_lost_its_source_keeps_its_rows(world):
    world.released(P1)
    world.vault.execute("drop table vault.protected.team_tasks")
    world.block(P2, tables=("team_delivery",))
    world.judge(P2, tables=("team_delivery",))
    world.publish(tables=("team_delivery",))
    assert world.rows("select distinct period_start from team_tasks") == [(P1,)]


def test_a_candidate_before_a_sealed_period_is_none(world):
    """Its block was passed over: it neither publishes nor keeps the others back."""
    world.released(P2)
    world.block(P1)
    world.judge(P1)
    assert world.publish() == publishing.Outcome(None, ())


def test_units_say_from_when_to_when_in_released_blocks(world):
    world.block(P1)
    world.block(P2, teams=("red", "green"))
    world.judge(P1, P2)
    world.publish()
    rows = world.rows("select unit_id, valid_from, valid_to from units")
    found = {unit: (start, end) for unit, start, end in rows}
    assert found["red"] == (P1, None)
    assert found["blue"] == (P1, P2)
    assert found["green"] == (P2, None)
    assert world.rows("select parent_id, unit_level, unit_name from units where unit_id = 'rest:web'") == [
        ("web", "rest", "Web: other teams")
    ]
    assert world.rows("select parent_id from units where unit_id = 'rest:org'") == [("acme",)]


def test_docs_come_with_a_manifest(world, tmp_path):
    world.block(P1)
    world.judge(P1)
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"metadata": {"dbt_schema_version": "v12", "dbt_version": "1"}, "nodes": {}, "exposures": {}}')
    path = world.publish(manifest=manifest).release.path
    assert "What Quorum publishes" in (path / "docs" / "index.html").read_text()


def test_a_vault_that_changes_meanwhile_publishes_nothing(world, monkeypatch):
    world.block(P1)
    world.judge(P1)
    write = publishing.release_tables.write

    def late(*arguments, **keywords):
        world.vault.execute("update vault.protected.team_tasks set tasks_completed = 30")
        write(*arguments, **keywords)

    monkeypatch.setattr(publishing.release_tables, "write", late)
    with pytest.raises(ReleaseError, match="changed while"):
        world.publish()
    assert not world.published.exists()
    assert list((world.published.parent / "releases").iterdir()) == []


def test_a_blocked_candidate_leaves_no_byte_in_the_release(world):
    world.block(P1)
    world.judge(P1)
    world.vault.execute("update vault.protected.team_tasks set status = 'canary-9f3e'")
    path = world.publish().release.path
    assert not any(b"canary-9f3e" in one.read_bytes() for one in path.rglob("*") if one.is_file())


def test_equal_content_gives_equal_bytes(world, tmp_path, monkeypatch):
    ours = world.released(P1).release.path
    with made(tmp_path / "other", monkeypatch) as other:
        other.publication = replace(other.publication, home=world.publication.home)
        theirs = other.released(P1).release.path
        names = sorted(path.relative_to(ours) for path in ours.rglob("*") if path.is_file())
        assert names == sorted(path.relative_to(theirs) for path in theirs.rglob("*") if path.is_file())
        files = [name for name in names if name.suffix != ".duckdb"]
        assert [(ours / name).read_bytes() for name in files] == [(theirs / name).read_bytes() for name in files]
        assert other.rows("select digest from releases") == world.rows("select digest from releases")
