"""Nothing leaves the vault without a verdict for exactly that content, and what left stays as it was."""

from dataclasses import replace
from datetime import date, timedelta

import duckdb
import pytest

from orchestration import publish as publishing
from orchestration.clearance import Standard, content
from orchestration.clock import midnight
from orchestration.publish import Publication, publish, repair
from orchestration.release import ReleaseError
from orchestration.tables import make_ops, set_clock

P1, P2, P3 = date(2026, 8, 10), date(2026, 9, 7), date(2026, 10, 5)
POLICY, RULES = "policy-1", "rules-1"
TABLES = {"team_delivery": "changes_merged", "team_tasks": "tasks_completed"}


@pytest.fixture
def vault():
    connection = duckdb.connect(":memory:")
    connection.execute("attach ':memory:' as vault")
    make_ops(connection)
    set_clock(connection, midnight(date(2026, 11, 23)))
    connection.execute("create schema vault.protected; create schema vault.intermediate")
    for table, measure in TABLES.items():
        connection.execute(
            f"create table vault.protected.{table} (period_start date, period_end date, unit_id varchar, "
            f"unit_level varchar, status varchar, size_band varchar, {measure} bigint)"
        )
    connection.execute(
        "create table vault.protected.cells (table_name varchar, period_start date, unit_id varchar, team_id varchar);"
        "create table vault.intermediate.int_units "
        "(period_start date, unit_id varchar, parent_id varchar, unit_level varchar, unit_name varchar)"
    )
    yield connection
    connection.close()


def block(connection, start, value=20, tables=tuple(TABLES), teams=("red", "blue")):
    """Candidates of one period, with the tree of its block."""
    units = [("acme", None, "org", "Acme"), ("web", "acme", "group", "Web")]
    units += [(team, "web", "team", team.title()) for team in teams]
    connection.execute("delete from vault.intermediate.int_units where period_start = ?", [start])
    for unit in units:
        connection.execute("insert into vault.intermediate.int_units values (?, ?, ?, ?, ?)", [start, *unit])
    for table in tables:
        for unit_id, _, level, _ in reversed(units):
            row = [start, start + timedelta(days=27), unit_id, level, "published", "6-9", value]
            connection.execute(f"insert into vault.protected.{table} values (?, ?, ?, ?, ?, ?, ?)", row)
        for team in teams:
            connection.execute("insert into vault.protected.cells values (?, ?, ?, ?)", [table, start, team, team])


def judge(connection, *starts, tables=tuple(TABLES), passed=True, policy=POLICY, rules=RULES, evidence="e"):
    for table in tables:
        for one in content(connection, "vault.protected", table, starts):
            values = [
                table,
                one.period_start,
                one.digest,
                evidence,
                policy,
                rules,
                passed,
                "[]",
                midnight(date(2026, 11, 23)),
            ]
            connection.execute("insert into vault.ops.verdicts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)


@pytest.fixture(autouse=True)
def plain_page(monkeypatch):
    """The report is drawn in its own test."""
    monkeypatch.setattr("report.page.render", lambda connection: f"{connection.execute('from releases').fetchall()}")


@pytest.fixture
def publication(tmp_path):
    return Publication(
        published=tmp_path / "home" / "published",
        clock=midnight(date(2026, 11, 23)),
        tables=tuple(TABLES),
        standard=Standard(POLICY, RULES, lambda *_: "e"),
        dictionary=[{"table_name": "team_delivery", "measure": "changes_merged", "unit": None}],
    )


def rows(publication, query):
    with duckdb.connect(publication.published.resolve() / "quorum.duckdb", read_only=True) as database:
        return database.execute(query).fetchall()


def everything(folder):
    """All there is below a folder: names, bytes, times, links."""
    return {
        str(path): (
            path.lstat().st_mtime_ns,
            str(path.readlink()) if path.is_symlink() else path.is_file() and path.read_bytes(),
        )
        for path in sorted(folder.rglob("*"))
    }


def test_a_judged_period_is_released_whole(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    release = publish(vault, publication).release
    assert release.release_id == "2026-11-23-1"
    assert str(publication.published.readlink()) == "releases/2026-11-23-1"
    assert [row[0] for row in rows(publication, "select unit_id from team_delivery")] == ["acme", "blue", "red", "web"]
    assert rows(publication, "select distinct table_name, period_start, release_id from periods order by 1") == [
        ("team_delivery", P1, "2026-11-23-1"),
        ("team_tasks", P1, "2026-11-23-1"),
    ]
    assert len(rows(publication, "from cells")) == 4
    assert rows(publication, "select release_id, released_on, policy from releases") == [
        ("2026-11-23-1", date(2026, 11, 23), POLICY)
    ]
    assert "2026-11-23-1" in (release.path / "report" / "index.html").read_text()
    assert rows(publication, "from metric_dictionary") == [("team_delivery", "changes_merged", None)]
    assert {path.stem for path in (release.path / "parquet").iterdir()} == {
        *TABLES, "cells", "periods", "units", "releases", "metric_dictionary"
    }  # fmt: skip
    assert vault.execute("select count(*), any_value(release_id) from vault.ops.sealed").fetchone() == (
        2,
        "2026-11-23-1",
    )
    assert vault.execute("select database_name from duckdb_databases() where not internal order by 1").fetchall() == [
        ("memory",),
        ("vault",),
    ]


def test_nothing_leaves_without_a_verdict(vault, publication):
    block(vault, P1)
    outcome = publish(vault, publication)
    assert outcome.release is None
    assert {(one.table_name, one.reason, one.periods) for one in outcome.refusals} == {
        (table, "no verdict", 1) for table in TABLES
    }
    assert not publication.published.exists()


SPOILT = {
    "no verdict": "delete from vault.ops.verdicts where period_start = '2026-09-07'",
    "changed after the verdict": "update vault.protected.team_delivery set changes_merged = 30 where unit_id = 'red'",
    "refused by the gate": "insert into vault.ops.verdicts select * replace (false as passed) from vault.ops.verdicts",
    "judged by another policy": "update vault.ops.verdicts set policy = 'policy-0'",
    "judged by other rules": "update vault.ops.verdicts set rules = 'rules-0'",
    "evidence changed after the verdict": "update vault.ops.verdicts set evidence = 'other'",
}


@pytest.mark.parametrize("reason", SPOILT)
def test_a_verdict_for_something_else_publishes_nothing_and_touches_no_file(vault, publication, reason):
    block(vault, P1)
    judge(vault, P1)
    publish(vault, publication)
    before = everything(publication.published.parent)
    block(vault, P2, tables=("team_delivery",))
    judge(vault, P2, tables=("team_delivery",))
    vault.execute(SPOILT[reason])
    outcome = publish(vault, publication)
    assert outcome.release is None
    assert [(one.table_name, one.reason, one.periods) for one in outcome.refusals] == [("team_delivery", reason, 1)]
    assert everything(publication.published.parent) == before


def test_an_edited_cell_counts_as_changed_content(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    vault.execute("delete from vault.protected.cells where team_id = 'red' and table_name = 'team_tasks'")
    outcome = publish(vault, publication)
    assert [one.table_name for one in outcome.refusals] == ["team_tasks"]
    assert {one.table_name for one in outcome.release.periods} == {"team_delivery"}


def test_a_table_refused_as_a_whole_stays_back(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    vault.execute("insert into vault.ops.verdicts (table_name, passed) values ('team_tasks', false)")
    outcome = publish(vault, publication)
    assert [(one.table_name, one.reason) for one in outcome.refusals] == [("team_tasks", "refused by the gate")]
    assert {one.table_name for one in outcome.release.periods} == {"team_delivery"}


def test_one_bad_period_keeps_its_whole_table_back_and_no_other(vault, publication):
    for start in (P1, P2):
        block(vault, start)
    judge(vault, P1, P2)
    judge(vault, P2, tables=("team_tasks",), passed=False)
    outcome = publish(vault, publication)
    assert {one.table_name for one in outcome.release.periods} == {"team_delivery"}
    assert rows(publication, "from team_tasks") == []


def test_a_night_without_news_touches_no_file(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    publish(vault, publication)
    before = everything(publication.published.parent)
    assert publish(vault, replace(publication, clock=midnight(date(2026, 11, 24)))).release is None
    assert everything(publication.published.parent) == before


def test_sealed_rows_come_from_the_last_release_not_from_the_vault(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    publish(vault, publication)
    vault.execute("update vault.protected.team_delivery set changes_merged = 990")
    block(vault, P2)
    judge(vault, P1, P2)
    publish(vault, publication)
    assert rows(publication, "select distinct period_start, changes_merged from team_delivery order by 1") == [
        (P1, 20),
        (P2, 20),
    ]
    assert rows(publication, "select distinct period_start, release_id from periods order by 1") == [
        (P1, "2026-11-23-1"),
        (P2, "2026-11-23-2"),
    ]


def test_a_table_that_lost_its_source_keeps_its_rows(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    publish(vault, publication)
    vault.execute("drop table vault.protected.team_tasks")
    block(vault, P2, tables=("team_delivery",))
    judge(vault, P2, tables=("team_delivery",))
    publish(vault, replace(publication, tables=("team_delivery",)))
    assert rows(publication, "select distinct period_start from team_tasks") == [(P1,)]


def test_the_last_two_releases_stay(vault, publication):
    for start in (P1, P2, P3):
        block(vault, start)
        judge(vault, start)
        publish(vault, publication)
    names = sorted(path.name for path in (publication.published.parent / "releases").iterdir())
    assert names == ["2026-11-23-2", "2026-11-23-3"]


@pytest.mark.parametrize("step", ["place", "swap", "seal"])
def test_a_crash_at_any_step_is_healed_by_the_next_run(vault, publication, monkeypatch, step):
    block(vault, P1)
    judge(vault, P1)
    publish(vault, publication)
    block(vault, P2)
    judge(vault, P2)
    with monkeypatch.context() as patch:
        owner = publishing if step == "seal" else publishing.Shelf
        patch.setattr(owner, step, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(vault, publication)
    repair(vault, publication.published)
    assert vault.execute("select count(*) from vault.ops.sealed").fetchone() == (4 if step == "seal" else 2,)
    outcome = publish(vault, publication)
    assert (outcome.release is None) == (step == "seal")
    assert vault.execute("select count(*) from vault.ops.sealed").fetchone() == (4,)
    assert rows(publication, "select count(*) from periods") == [(4,)]
    assert publish(vault, publication).release is None


def test_a_release_of_another_vault_is_refused(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    publish(vault, publication)
    vault.execute("delete from vault.ops.sealed; delete from vault.ops.releases; delete from vault.ops.verdicts")
    before = everything(publication.published.parent)
    with pytest.raises(ReleaseError, match="not released by this vault"):
        publish(vault, publication)
    assert everything(publication.published.parent) == before


def test_a_vault_whose_release_is_gone_publishes_nothing(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    publish(vault, publication)
    publication.published.unlink()
    with pytest.raises(ReleaseError, match="2026-11-23-1"):
        publish(vault, publication)


def test_an_edited_release_is_refused(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    path = publish(vault, publication).release.path
    with duckdb.connect(path / "quorum.duckdb") as database:
        database.execute("update team_delivery set changes_merged = 30")
    with pytest.raises(ReleaseError, match="not those that were sealed"):
        publish(vault, publication)


def test_a_folder_in_the_place_of_the_link_is_left_alone(vault, publication):
    publication.published.mkdir(parents=True)
    with pytest.raises(ReleaseError, match="no link"):
        publish(vault, publication)


def test_units_say_from_when_to_when_in_released_blocks(vault, publication):
    block(vault, P1)
    block(vault, P2, teams=("red", "green"))
    judge(vault, P1, P2)
    publish(vault, publication)
    found = {
        unit: (start, end) for unit, start, end in rows(publication, "select unit_id, valid_from, valid_to from units")
    }
    assert found["red"] == (P1, None)
    assert found["blue"] == (P1, P2)
    assert found["green"] == (P2, None)
    assert rows(publication, "select parent_id, unit_level, unit_name from units where unit_id = 'rest:web'") == [
        ("web", "rest", "Web: other teams")
    ]
    assert rows(publication, "select parent_id from units where unit_id = 'rest:org'") == [("acme",)]


@pytest.mark.parametrize(("home", "mode"), [(0o700, 0o600), (0o755, 0o644)])
def test_who_may_read_is_the_folders_affair(vault, publication, home, mode):
    publication.published.parent.mkdir(mode=home)
    publication.published.parent.chmod(home)
    block(vault, P1)
    judge(vault, P1)
    path = publish(vault, publication).release.path
    assert {one.stat().st_mode & 0o777 for one in path.rglob("*") if one.is_file()} == {mode}
    assert {one.stat().st_mode & 0o777 for one in (path, path / "parquet", path.parent)} == {mode | mode >> 2 & 0o111}


def test_docs_come_with_a_manifest(vault, publication, tmp_path):
    block(vault, P1)
    judge(vault, P1)
    manifest = tmp_path / "manifest.json"
    manifest.write_text('{"metadata": {"dbt_schema_version": "v12", "dbt_version": "1.11"}, "nodes": {}}')
    path = publish(vault, replace(publication, manifest=manifest)).release.path
    assert "What Quorum publishes" in (path / "docs" / "index.html").read_text()


def test_a_vault_that_changes_meanwhile_publishes_nothing(vault, publication, monkeypatch):
    block(vault, P1)
    judge(vault, P1)
    write = publishing.release_tables.write

    def late(*arguments, **keywords):
        vault.execute("update vault.protected.team_tasks set tasks_completed = 30")
        write(*arguments, **keywords)

    monkeypatch.setattr(publishing.release_tables, "write", late)
    with pytest.raises(ReleaseError, match="changed while"):
        publish(vault, publication)
    assert not publication.published.exists()
    assert list((publication.published.parent / "releases").iterdir()) == []


def test_a_release_without_its_database_is_refused(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    (publish(vault, publication).release.path / "quorum.duckdb").unlink()
    with pytest.raises(ReleaseError, match="holds no quorum.duckdb"):
        publish(vault, publication)


def test_a_link_that_leads_elsewhere_is_refused(vault, publication, tmp_path):
    (tmp_path / "elsewhere").mkdir()
    publication.published.parent.mkdir()
    publication.published.symlink_to(tmp_path / "elsewhere")
    with pytest.raises(ReleaseError, match="does not lead to a release"):
        publish(vault, publication)


def test_a_foreign_release_that_names_ours_as_its_past_is_refused(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    publish(vault, publication)
    block(vault, P2)
    judge(vault, P2)
    publish(vault, publication)
    vault.execute("delete from vault.ops.releases where release_id = '2026-11-23-2'")
    vault.execute("delete from vault.ops.sealed where release_id = '2026-11-23-2'")
    vault.execute("delete from vault.ops.verdicts where period_start = '2026-09-07'")
    with pytest.raises(ReleaseError, match="not released by this vault"):
        repair(vault, publication.published)


def test_a_blocked_candidate_leaves_no_byte_in_the_release(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    vault.execute("update vault.protected.team_tasks set status = 'canary-9f3e'")
    path = publish(vault, publication).release.path
    assert not any(b"canary-9f3e" in one.read_bytes() for one in path.rglob("*") if one.is_file())


def test_a_tables_name_in_a_tampered_release_is_never_run_as_sql(vault, publication, tmp_path):
    block(vault, P1)
    judge(vault, P1)
    publish(vault, publication)
    stolen = tmp_path / "stolen.csv"
    name = f"team_tasks; copy vault.ops.verdicts to '{stolen}'; describe select * from last.main.team_tasks"
    with duckdb.connect(publication.published.resolve() / "quorum.duckdb") as database:
        database.execute("insert into periods select ?, period_start, period_end, release_id from periods", [name])
    with pytest.raises(ReleaseError, match="names a table"):
        repair(vault, publication.published)
    assert not stolen.exists()


def test_a_release_edited_after_it_was_checked_is_not_carried_on(vault, publication, monkeypatch):
    block(vault, P1)
    judge(vault, P1)
    publish(vault, publication)
    block(vault, P2)
    judge(vault, P2)
    real = publishing.cleared

    def meanwhile(connection, *args):
        with duckdb.connect(publication.published.resolve() / "quorum.duckdb") as database:
            database.execute("update team_tasks set tasks_completed = 1")
        return real(connection, *args)

    monkeypatch.setattr(publishing, "cleared", meanwhile)
    before = publication.published.resolve()
    with pytest.raises(ReleaseError, match="changed while"):
        publish(vault, publication)
    assert publication.published.resolve() == before


def test_what_others_keep_beside_the_releases_stays(vault, publication):
    theirs = publication.published.parent / "releases" / "v1.0"
    theirs.mkdir(parents=True)
    for start in (P1, P2, P3):
        block(vault, start)
        judge(vault, start)
        publish(vault, publication)
    assert {path.name for path in theirs.parent.iterdir()} == {"2026-11-23-2", "2026-11-23-3", "v1.0"}


def test_two_vaults_cannot_share_a_folder_of_releases(vault, publication):
    block(vault, P1)
    judge(vault, P1)
    theirs = publication.published.parent / "releases" / "2026-11-23-1"
    theirs.mkdir(parents=True)
    publication.published.with_name("theirs").symlink_to("releases/2026-11-23-1")
    with pytest.raises(ReleaseError, match="another link"):
        publish(vault, publication)
    assert theirs.is_dir()
