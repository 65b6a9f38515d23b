"""Whatever names somebody is found, in every disguise and every place, and is not repeated by who finds it.

Attacks 1 to 9: plain, hashed, encoded, lookalike; as the name of a unit or a label; in the catalogue; account ids and
pictures; dropped but not gone; Parquet's footer. (That spills are encrypted is shown on a whole night.)
"""

import logging
import shutil
from functools import cache
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from expectations.detectors import DETECTORS, Identifiers
from expectations.detectors.columns import COLUMN_DETECTORS, PER_PERSON
from expectations.detectors.release import DIGEST, Written, scan
from expectations.gate import examine, judge
from expectations.measures import dictionary, table_named
from expectations.policy import Policy
from expectations.scope import Case, build, candidates, clear, facts
from expectations.text import detect
from tests.attacks.plants import (
    CANDIDATE_PLACES,
    EMAIL,
    LOGIN,
    NAME,
    PEOPLE,
    PSEUDONYM,
    Plant,
    candidate_plants,
    release_plants,
)
from tests.unit.gate_world import World

THEM = Identifiers(PEOPLE)
CANDIDATES, RELEASES = candidate_plants(), release_plants()
HOUSE = {
    "units": {"unit_id": "VARCHAR", "unit_name": "VARCHAR"},
    "releases": {"release_id": "VARCHAR", "policy": DIGEST},
    "metric_dictionary": dict.fromkeys(dictionary()[0], "VARCHAR"),
}
FOOTERS = {
    "a key of the metadata": (lambda table: table.replace_schema_metadata({NAME: "x"}), "identifier"),
    "a value of the metadata": (lambda table: table.replace_schema_metadata({"by": LOGIN}), "identifier"),
    "metadata of a column": (
        lambda table: table.cast(pa.schema([f.with_metadata({"by": EMAIL}) for f in table.schema])),
        "email",
    ),
    "the name of a column": (lambda table: table.append_column(NAME, [[1] * len(table)]), "identifier"),
    "a cell": (lambda table: table.append_column("by", [[NAME] * len(table)]), "identifier"),
}


@cache
def world() -> World:
    return World()


@pytest.fixture
def silent(capfd, caplog):
    """Nothing planted may be said: the test hands in what it planted and what was answered."""
    caplog.set_level(logging.DEBUG)

    def heard(planted, answered):
        said = capfd.readouterr()
        for text in (said.out, said.err, caplog.text, str(answered)):
            assert NAME.casefold() not in text.casefold()
            assert not planted or planted not in text

    return heard


@pytest.fixture(scope="module")
def vault():
    """One vault for all plants: each is planted in a transaction that is rolled back."""
    db = world().connect("team_delivery")
    person = "update vault.intermediate.int_ledger set person_key = ? where person_key = 'xx-p0'"
    db.execute(person, [PSEUDONYM])
    yield db
    db.close()


@pytest.fixture
def planted(vault):
    vault.execute("begin")
    yield vault
    vault.execute("rollback")


def detected(db):
    """What the gate's detectors say of the candidates: the part of `examine` that they need."""
    case = Case(db, table_named("team_delivery"), Policy())
    clear(case)
    build(case, facts(case))
    build(case, candidates(case))
    return [finding for finding in detect(case, THEM) if finding.count]


@pytest.mark.attack(1, 2, 3, 4, 5, 6, 7)
@pytest.mark.parametrize("what", CANDIDATES)
def test_it_is_found_in_a_candidate(what, planted, silent):
    plant = CANDIDATES[what]
    plant.into(planted.execute)
    found = detected(planted)
    assert (f"detectors.{plant.detector}", plant.column) in {(one.rule, one.column) for one in found}
    silent(plant.text, found)


@pytest.mark.attack(5, 6)
@pytest.mark.slow
@pytest.mark.parametrize("where", CANDIDATE_PLACES)
def test_the_gate_blocks_it_wherever_it_stands(where, silent):
    plant, db = CANDIDATES[f"as it is, in {where}"], world().connect("team_delivery")
    plant.into(db.execute)
    found = [finding for finding in examine(db, "team_delivery", Policy(), PEOPLE) if finding.count]
    assert (f"detectors.{plant.detector}", plant.column) in {(one.rule, one.column) for one in found}
    silent(plant.text, found)


@pytest.mark.attack(5, 11)
def test_a_verdict_refuses_and_has_no_room_for_a_value(silent):
    db = world().connect("team_delivery")
    CANDIDATES["as it is, in the name of a unit"].into(db.execute)
    answer = judge(db, "team_delivery", Policy(), PEOPLE)
    assert not answer.passed
    assert [check.rule for check in answer.checks if not check.passed] == ["detectors"]
    assert all(not one.passed and "detectors.identifier" in one.findings_json for one in answer.verdicts)
    silent(NAME, [answer, *(one.findings_json for one in answer.verdicts)])


@pytest.fixture(scope="module")
def template(tmp_path_factory):
    """The right candidates, written as a release is."""
    path = tmp_path_factory.mktemp("release") / "quorum.duckdb"
    db = world().connect("team_delivery")
    db.execute(f"attach '{path}' as fresh")
    for name in ("team_delivery", "cells"):
        db.execute(f"create table fresh.main.{name} as select * from vault.protected.{name}")
    db.execute("create table fresh.main.units as select distinct unit_id, unit_name from vault.intermediate.int_units")
    db.execute("create table fresh.main.releases as select '2026-10-05-1' as release_id, sha256('policy') as policy")
    rows = pa.Table.from_pylist(dictionary())
    db.register("told", rows)
    db.execute("create table fresh.main.metric_dictionary as select * from told")
    db.execute("detach fresh")
    return path


@pytest.fixture
def db(template, tmp_path):
    """A copy of it, attached as `fresh`."""
    shutil.copy(template, tmp_path / "quorum.duckdb")
    db = duckdb.connect()
    db.execute(f"attach '{tmp_path / 'quorum.duckdb'}' as fresh")
    yield db
    db.close()


def scanned(db, folder: Path, people=PEOPLE):
    db.execute("checkpoint fresh")
    written = Written("fresh", folder / "quorum.duckdb", tuple(sorted(folder.glob("*.parquet"))), HOUSE)
    return [one for one in scan(db, written, Identifiers(people, [PSEUDONYM])) if one.count]


def parquet(db, path: Path, change=lambda table: table):
    pq.write_table(change(db.execute("from fresh.main.team_delivery").to_arrow_table()), path)


def test_a_right_release_is_found_clean(db, tmp_path):
    for (name,) in db.execute("select table_name from duckdb_tables() where database_name = 'fresh'").fetchall():
        db.execute(f"copy fresh.main.{name} to '{tmp_path / name}.parquet' (format parquet, compression zstd)")
    parquet(db, tmp_path / "team_delivery.parquet")  # once more by another writer
    assert scanned(db, tmp_path) == []
    assert scanned(db, tmp_path, ["published", "median", "unit_id", "changes"]) == []  # logins that are words of ours


@pytest.mark.attack(1, 2, 3, 4, 6, 7)
@pytest.mark.parametrize(
    "what", [pytest.param(one, marks=pytest.mark.slow if one.endswith("on a column") else ()) for one in RELEASES]
)
def test_a_release_is_stopped_before_readers_see_it(what, db, tmp_path, silent):
    plant = RELEASES[what]
    plant.into(db.execute)
    found = scanned(db, tmp_path)
    assert (f"detectors.{plant.detector}", plant.column) in {(one.rule, one.column) for one in found}
    silent(plant.text, found)


@pytest.mark.attack(9)
@pytest.mark.parametrize("place", FOOTERS)
def test_parquet_is_read_to_the_footer(place, db, tmp_path, silent):
    change, detector = FOOTERS[place]
    parquet(db, tmp_path / "team_delivery.parquet", change)
    found = scanned(db, tmp_path)
    assert f"detectors.{detector}" in {one.rule for one in found}
    silent(LOGIN, found)


@pytest.mark.attack(9)
def test_statistics_that_no_row_bears_are_read(db, tmp_path, silent):
    """The ends of a column's statistics can name whom no row names: here by a row that the file's index skips."""
    path = tmp_path / "units.parquet"
    ends = pa.table({"unit_id": ["aa", "zz"], "unit_name": ["aa", LOGIN]})
    pq.write_table(ends, path)
    from expectations.detectors.files import footer

    assert ("unit_name", LOGIN) in set(footer(path))
    found = scanned(db, tmp_path)
    assert ("detectors.identifier", "unit_name") in {(one.rule, one.column) for one in found}
    silent(LOGIN, found)


def test_a_parquet_file_of_no_table_is_refused(db, tmp_path):
    parquet(db, tmp_path / "people.parquet")
    assert ("detectors.catalogue", "(unregistered)") in {(one.rule, one.table) for one in scanned(db, tmp_path)}


@pytest.mark.attack(8)
def test_what_was_dropped_is_not_gone_and_is_found_in_the_bytes(db, tmp_path, silent):
    db.execute("set force_compression = 'uncompressed'")
    db.execute(
        "create table fresh.main.t as select 'zelda.quorvath@acme.example ' || i as one from range(3000) as r(i)"
    )
    db.execute("checkpoint fresh")
    db.execute("create or replace table fresh.main.units as from fresh.main.units")  # so that the file stays as long
    db.execute("checkpoint fresh")
    db.execute("drop table fresh.main.t")
    found = scanned(db, tmp_path)
    assert {one.rule for one in found} == {"detectors.remains"}
    silent(EMAIL, found)


def test_a_file_that_cannot_be_read_is_refused(db, tmp_path):
    (tmp_path / "units.parquet").write_bytes(b"PAR1" + NAME.encode())
    assert [one.rule for one in scanned(db, tmp_path)] == ["detectors.unreadable"]


def test_every_detector_has_its_plants():
    known = {detector.name for detector in DETECTORS} | {one.name for one in COLUMN_DETECTORS} | {PER_PERSON}
    assert {plant.detector for plant in (*CANDIDATES.values(), *RELEASES.values())} == known
    assert len(CANDIDATES) + len(RELEASES) >= 60
    assert all(isinstance(plant, Plant) for plant in CANDIDATES.values())


def test_without_the_person_on_the_roster_only_patterns_find_the_plants():
    """The plants are found for whom they name, not because every odd text is refused."""
    db = world().connect("team_delivery")
    CANDIDATES["as it is, in the name of a unit"].into(db.execute)
    assert [one for one in examine(db, "team_delivery", Policy(), ["Ada Lowe"]) if one.count] == []
