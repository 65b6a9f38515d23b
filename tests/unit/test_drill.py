"""The drill as it runs each week: what it plants and where, that it pauses, and what it tells when it fails."""

import json
from functools import cache

import dagster as dg
import duckdb
import pytest

from expectations.drill import Plant, planted_in_model, traced, trial
from orchestration import drill_release
from orchestration.chain import PUBLISH, Entry
from orchestration.dbt_compiler import FIRST, LATER
from orchestration.dbt_manifest import fingerprint
from orchestration.drill import DRILL, drill_asset, drilled
from orchestration.drill_release import WRITTEN, planted_in_release
from orchestration.errors import NightError
from orchestration.lineage import declared_kinds
from orchestration.pause import paused
from orchestration.register import RELEASES, write
from orchestration.vault import make_home, opened
from tests.unit.gate_vault import home
from tests.unit.gate_world import World
from tests.unit.release_world import P1, TODAY
from tests.unit.release_world import world as made

TABLE = "team_tasks"
SEEN = Plant("a withheld row left out", ("full_grid",), ("delete from {relation} where status = 'withheld'",))
UNSEEN = Plant("nothing at all", ("full_grid",), ())
WRONG = Plant("no statement", ("full_grid",), ("select nonsense",))
MODELS = {
    f"protected.{TABLE}": "select unit_id from vault.raw.roster_units",
    "intermediate.int_members": "select person_key, unit_id as team_id from vault.raw.roster_members",
}


@cache
def company():
    return World().connect(TABLE)


@pytest.fixture
def settings(tmp_path, monkeypatch):
    """A home whose project was compiled, with two plants in the gate's part."""
    monkeypatch.setattr(trial, "PLANTS", (SEEN,))
    settings = home(tmp_path, company())
    folder = settings.work / "dbt"
    config = {"pre-hook": [], "post-hook": [], "sql_header": None}
    nodes = [(*name.split("."), sql) for name, sql in MODELS.items()]
    manifest = {
        name: {"resource_type": "model", "schema": schema, "alias": name, "compiled_code": sql, "config": config}
        for schema, name, sql in nodes
    }
    for name in (FIRST, LATER):
        (folder / name).mkdir(parents=True)
        (folder / name / "manifest.json").write_text(json.dumps({"nodes": manifest}))
    (folder / "fingerprint").write_text(fingerprint(settings))
    return settings


def released(settings):
    with opened(settings) as vault:
        entry = Entry("2026-03-10-1", TODAY, PUBLISH, None, "policy", {}, {}, {}, None)
        write(vault.connection, RELEASES, [entry.closed()])


def test_gate_and_lineage_guard_are_drilled_and_nothing_is_paused(settings):
    found = [(one.table, one.plant, one.caught) for one in drilled(settings, [TABLE])]
    assert found[0] == (TABLE, SEEN.name, True)
    assert len(found) == 3
    assert all(caught for *_, caught in found)
    assert paused(settings.home) is None


def test_a_leak_that_is_missed_pauses(settings, monkeypatch):
    monkeypatch.setattr(trial, "PLANTS", (SEEN, UNSEEN))
    assert [one.caught for one in drilled(settings, [TABLE])][:2] == [True, False]
    assert paused(settings.home).reason == "drill"


def test_a_copy_that_is_blocked_already_pauses(settings):
    with opened(settings) as vault:
        vault.connection.execute(f"update vault.protected.{TABLE} set tasks_completed = tasks_completed + 1")
    with pytest.raises(NightError, match=r"blocked before anything is planted.*publishing is paused"):
        drilled(settings, [TABLE])
    assert paused(settings.home).reason == "drill"


def test_an_error_within_pauses(settings, monkeypatch):
    monkeypatch.setattr(trial, "PLANTS", (WRONG,))
    with pytest.raises(duckdb.Error):
        drilled(settings, [TABLE])
    assert paused(settings.home).reason == "drill"


@pytest.mark.parametrize("is_released", [False, True])
def test_nothing_to_drill_pauses_once_something_was_released(settings, is_released):
    with opened(settings) as vault:
        vault.connection.execute(f"update vault.protected.{TABLE} set status = 'withheld'")
    if is_released:
        released(settings)
    with pytest.raises(NightError, match="no table has a published team yet"):
        drilled(settings, [TABLE])
    assert (paused(settings.home) is not None) is is_released


@pytest.mark.parametrize(("plants", "caught"), [((SEEN,), 3), ((SEEN, UNSEEN), 3)])
def test_the_asset_tells_its_counts_before_it_fails(settings, monkeypatch, plants, caught):
    monkeypatch.setattr(trial, "PLANTS", plants)
    ended = dg.materialize([drill_asset(settings, [TABLE])], raise_on_error=False)
    (event,) = ended.get_asset_materialization_events()
    told = {name: value.value for name, value in event.materialization.metadata.items()}
    assert event.asset_key == DRILL
    assert (told["planted"], told["caught"]) == (2 + len(plants), caught)
    assert ended.success is (len(plants) == 1)


def test_a_model_that_hands_a_person_on_is_caught_and_one_that_does_not_is_missed(monkeypatch):
    declared = declared_kinds([])
    assert [one.caught for one in planted_in_model(MODELS, declared, TABLE)] == [True, True]
    monkeypatch.setattr(traced, "HANDED_ON", {"a unit": "select w.*, w.unit_id as planted"})
    assert [one.caught for one in planted_in_model(MODELS, declared, TABLE)] == [False]


def test_every_leak_in_a_written_release_is_caught_and_one_that_is_none_is_missed(settings, tmp_path, monkeypatch):
    with made(tmp_path / "release", monkeypatch) as world:
        world.released(P1)
        before = world.files()
        settings = settings.model_copy(update={"published": world.published})
        make_home(settings)
        found = {one.plant: one.caught for one in planted_in_release(settings)}
        assert found == {plant.name: True for plant in WRITTEN}
        monkeypatch.setattr(drill_release, "WRITTEN", (drill_release.Written("nothing", "select 1"),))
        assert [one.caught for one in planted_in_release(settings)] == [False]
        assert world.files() == before
    assert list(settings.work.glob("tmp*")) == []


def test_nothing_is_planted_where_nothing_was_released(settings):
    assert list(planted_in_release(settings)) == []
