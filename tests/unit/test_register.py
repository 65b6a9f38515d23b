"""The register in the vault: a crash at any step is healed, and what was not released by this vault is refused."""

import duckdb
import pytest

from orchestration import publish as publishing
from orchestration.register import INTENDED, RELEASES, entries
from orchestration.release import ReleaseError, Shelf
from tests.unit.release_world import P1, P2
from tests.unit.release_world import world as made


@pytest.fixture
def world(tmp_path, monkeypatch):
    with made(tmp_path, monkeypatch) as world:
        yield world


STEPS = {
    "place": (Shelf, False),
    "intend": (publishing.register, False),
    "swap": (Shelf, False),
    "seal": (publishing.register, True),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_crash_at_any_step_is_healed_by_the_next_run(world, monkeypatch, step):
    world.released(P1)
    world.block(P2)
    world.judge(P2)
    owner, seen = STEPS[step]
    with monkeypatch.context() as patch:
        patch.setattr(owner, step, lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            world.publish()
    world.repair()
    assert world.vault.execute("select count(*) from vault.ops.sealed").fetchone() == (4 if seen else 2,)
    assert entries(world.vault, INTENDED) == []
    assert (world.publish().release is None) == seen
    assert world.vault.execute("select count(*) from vault.ops.sealed").fetchone() == (4,)
    assert world.rows("select count(*) from periods") == [(4,)]
    assert len(world.vault.execute("from vault.ops.proofs").fetchall()) == 4
    assert world.publish().release is None


def test_the_vault_and_the_release_tell_the_same_chain(world):
    world.released(P1)
    world.released(P2)
    first, second = entries(world.vault, RELEASES)
    assert second.previous == first.digest
    with duckdb.connect(world.published.resolve() / "quorum.duckdb", read_only=True) as base:
        assert entries(base, "main.releases") == [first, second]


TAMPERED = {
    "rows": ("update team_delivery set changes_merged = 30", "team_delivery: the rows are not"),
    "a row more": ("insert into team_tasks select * replace ('x' as unit_id) from team_tasks", "team_tasks: the rows"),
    "cells": ("delete from cells where team_id = 'red'", "the rows are not those that were released"),
    "another period in cells": ("insert into cells values ('t', '2020-01-01', 'a', 'a')", "periods that were not"),
    "periods": ("update periods set release_id = 'x'", "table periods"),
    "the tree": ("update units set unit_name = 'Red Team' where unit_id = 'red'", "table units"),
    "the dictionary": ("update metric_dictionary set unit = 'lines'", "metric_dictionary.parquet and table"),
    "movements": ("update movers set joined = '50+'", "movers.parquet and table"),
    "a table more": ("create table secret as select date '2026-01-05' as period_start", "table secret"),
    "a view": ("create view secret as select 1", "not a table of a release"),
    "a comment": ("comment on table units is 'ada'", "not a table of a release"),
    "a macro": ("create macro ada() as 1", "not a table of a release"),
    "a table's name": ('create table "x; drop table y" as select 1', "not a table of a release"),
    "the register's shape": ("alter table releases drop column files", "cannot be read"),
}


@pytest.mark.parametrize("what", TAMPERED)
def test_an_edited_release_is_refused_the_next_night_even_without_news(world, what):
    world.released(P1)
    statement, said = TAMPERED[what]
    world.edit(statement)
    before = world.files()
    with pytest.raises(ReleaseError, match=said):
        world.publish()
    assert world.files() == before


@pytest.mark.parametrize("name", ["report/index.html", "parquet/team_delivery.parquet", "parquet/releases.parquet"])
@pytest.mark.parametrize("how", ["changed", "missing"])
def test_a_page_or_a_parquet_file_that_is_edited_is_noticed_too(world, name, how):
    path = world.released(P1).release.path / name
    path.unlink()
    if how == "changed":
        with duckdb.connect() as base:
            base.execute(f"copy (select 1 as x) to '{path}' (format parquet)")
    with pytest.raises(ReleaseError):
        world.publish()


def test_a_file_more_is_noticed(world):
    (world.released(P1).release.path / "docs").mkdir()
    (world.published / "docs" / "people.csv").write_text("ada")
    with pytest.raises(ReleaseError, match="a file that was not released"):
        world.publish()


def test_a_release_without_its_database_is_refused(world):
    (world.released(P1).release.path / "quorum.duckdb").unlink()
    with pytest.raises(ReleaseError, match=r"holds no quorum\.duckdb"):
        world.publish()


def test_a_tables_name_in_a_tampered_release_is_never_run_as_sql(world, tmp_path):
    world.released(P1)
    stolen = tmp_path / "stolen.csv"
    name = f"team_tasks; copy vault.ops.verdicts to '{stolen}'; describe select * from last.main.team_tasks"
    with duckdb.connect(world.published.resolve() / "quorum.duckdb") as database:
        database.execute("insert into periods select ?, period_start, period_end, release_id from periods", [name])
    with pytest.raises(ReleaseError, match="table periods"):
        world.repair()
    assert not stolen.exists()


def test_a_release_edited_after_it_was_checked_is_not_carried_on(world, monkeypatch):
    world.released(P1)
    world.block(P2)
    world.judge(P2)
    real = publishing.cleared

    def meanwhile(connection, *args):
        world.edit("update team_tasks set tasks_completed = 1")
        return real(connection, *args)

    monkeypatch.setattr(publishing, "cleared", meanwhile)
    before = world.published.resolve()
    with pytest.raises(ReleaseError, match="changed while"):
        world.publish()
    assert world.published.resolve() == before


FORGOTTEN = {
    "sealed periods": ("delete from vault.ops.sealed where table_name = 'team_tasks'", "has sealed"),
    "a verdict": ("delete from vault.ops.proofs where table_name = 'team_tasks'", "without the verdict"),
    "a verdict by another policy": ("update vault.ops.proofs set policy = 'x'", "without the verdict"),
    "a verdict for another release": ("update vault.ops.proofs set release_id = 'x'", "without the verdict"),
    "another verdict": ("update vault.ops.proofs set content = 'x'", "without the verdict"),
}


@pytest.mark.parametrize("what", FORGOTTEN)
def test_a_vault_whose_memory_contradicts_itself_publishes_nothing(world, what):
    world.released(P1)
    statement, said = FORGOTTEN[what]
    world.vault.execute(statement)
    with pytest.raises(ReleaseError, match=said):
        world.publish()


def test_a_register_of_another_version_is_told_as_such(world):
    world.vault.execute("alter table vault.ops.releases drop column files")
    with pytest.raises(ReleaseError, match="another version"):
        world.publish()
