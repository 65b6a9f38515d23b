"""A release as the publisher writes it passes the detectors, and one that names somebody does not leave."""

import shutil

import duckdb
import pytest

from expectations.detectors import Identifiers
from expectations.measures import dictionary
from expectations.policy import Policy
from orchestration.inspection import HOUSE, inspect, inspected
from orchestration.release import ReleaseError
from orchestration.release_tables import write_dictionary, write_parquet
from tests.unit.release_world import P1, P2
from tests.unit.release_world import world as made

EXPLAINED = "metric_dictionary"


@pytest.fixture
def release(tmp_path, monkeypatch):
    """A connection with a release of two periods attached as `fresh`, and its folder."""
    with made(tmp_path, monkeypatch) as world:
        world.released(P1)
        folder = tmp_path / "copy"
        shutil.copytree(world.released(P2).release.path, folder)
        with duckdb.connect(folder / "quorum.duckdb") as written:  # this small world has a dictionary of its own
            written.execute(f"drop table {EXPLAINED}")
        (folder / "parquet" / f"{EXPLAINED}.parquet").unlink()
        db = duckdb.connect()
        db.execute(f"attach '{folder / 'quorum.duckdb'}' as fresh")
        yield db, folder
        db.close()


def said(release, *people, explained=()):
    """What is said against it, but for measures that this small world does not have."""
    try:
        inspect(*release, Identifiers(people), explained)
    except ReleaseError as error:
        told = str(error).removeprefix("the written release holds what no release may hold: ")
        told = told.removesuffix(". Nothing was published").split("; ")
        return [one for one in told if not one.startswith("detectors.catalogue (team_")]
    return []


def test_what_the_publisher_writes_is_what_the_allow_list_says(release):
    db, _ = release
    rows = db.execute(
        "select table_name, column_name, data_type from duckdb_columns() where database_name = 'fresh'"
    ).fetchall()
    for table, columns in HOUSE.items():
        plain = {name: "VARCHAR" if kind == "DIGEST" else kind for name, kind in columns.items()}
        assert {name: kind for of, name, kind in rows if of == table} == plain


def test_a_right_release_passes_whoever_bears_a_word_of_ours(release):
    assert said(release, "Ada Lowe", "publish", "parquet/units.parquet", "released_on", "org") == []


def test_a_word_of_the_dictionary_stops_nothing_whatever_the_policy(release):
    db, folder = release
    rows = dictionary({"team_delivery": [("changes_merged", "author", 2026, 12.5, 25)]}, Policy(k=6))
    write_dictionary(db, rows)
    write_parquet(db, folder / "parquet", [EXPLAINED])
    assert said(release, "people", "events", explained=rows) == []
    db.execute(f"update fresh.main.{EXPLAINED} set limits = 'ask ada.lowe' where name = 'changes_merged'")
    assert said(release, "ada.lowe", explained=rows) == ["detectors.identifier (metric_dictionary, limits): 1"]


def test_a_person_in_the_tree_stops_it(release):
    db, _ = release
    db.execute("update fresh.main.units set unit_name = 'Friends of ada.lowe' where unit_id = 'red'")
    assert said(release, "Ada Lowe") == ["detectors.identifier (units, unit_name): 1"]


@pytest.mark.parametrize(
    ("table", "column", "word"),
    [("movers", "joined", "7"), ("movers", "left_out", "about 7"), ("units", "unit_level", "person")],
)
def test_what_is_told_in_a_few_words_is_told_in_no_other(release, table, column, word):
    """Of people who moved a band: an exact number would be text like any other."""
    db, _ = release
    db.execute(f"update fresh.main.{table} set {column} = '{word}'")
    assert [one.rpartition(":")[0] for one in said(release)] == [f"domain ({table}, {column})"]


def test_a_person_on_a_page_stops_it(release):
    _, folder = release
    page = folder / "report" / "index.html"
    page.write_text(page.read_text() + "<p title='Ada L&#246;we'>ada.lowe42</p>")
    assert said(release, "ada.lowe42", "transform") == ["detectors.remains: 1"]


@pytest.mark.parametrize("cut", [32, 12])
def test_what_the_vault_calls_somebody_stops_it(release, cut):
    db, _ = release
    key = "0123456789abcdef0123456789abcdef"
    people = Identifiers([], [key])
    assert not [one for one in inspected(*release, people) if one.rule != "detectors.catalogue"]
    db.execute(f"update fresh.main.units set unit_name = 'Team {key[:cut]}' where unit_id = 'red'")
    found = {(one.rule, one.column) for one in inspected(*release, people)}
    assert ("detectors.pseudonym", "unit_name") in found


def test_what_the_vault_calls_somebody_does_not_stand_on_a_page(release):
    _, folder = release
    key = "0123456789abcdef0123456789abcdef"
    page = folder / "report" / "index.html"
    page.write_text(page.read_text() + f"<p id='{key}'>")
    assert ("detectors.remains", 1) in {(one.rule, one.count) for one in inspected(*release, Identifiers([], [key]))}


def test_the_publisher_hands_over_the_keys_of_people_and_accounts(tmp_path, monkeypatch):
    with made(tmp_path, monkeypatch) as world:
        world.block(P1)
        world.vault.execute("update vault.intermediate.int_units set unit_name = '89abcdef01' where unit_id = 'red'")
        world.judge(P1)
        world.vault.execute("insert into vault.intermediate.int_accounts values (?, '89abcdef01234567', 'p')", [P1])
        with pytest.raises(ReleaseError, match=r"detectors\.pseudonym \(units, unit_name\)"):
            world.publish()


def test_a_column_that_nobody_declared_stops_it(release):
    db, _ = release
    db.execute("alter table fresh.main.periods add column noted timestamp default timestamp '2026-10-05 12:33:21'")
    assert set(said(release)) == {
        "detectors.catalogue (periods, (unregistered)): 2",
        "detectors.exact_time (periods, (unregistered)): 1",  # its default
        "detectors.exact_time (periods, (unregistered)): 4",  # its cells
    }
