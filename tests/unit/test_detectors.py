"""Identifiers are found in every disguise the detectors name, quickly, and product words are spared."""

import base64
import codecs
import datetime as dt
import time
from urllib.parse import quote

import duckdb
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations import text
from expectations.detectors import DETECTORS, EXAMPLES, PSEUDONYMS, VALUES, Identifiers, fold, hits
from expectations.detectors.cells import leaves
from expectations.detectors.columns import COLUMN_DETECTORS
from expectations.detectors.folding import folds
from expectations.detectors.identifiers import Digests
from expectations.detectors.remedies import COLUMNS, remedy
from expectations.measures import table_named
from expectations.policy import Policy
from expectations.scope import Case
from expectations.text import detect
from expectations.verdict import Finding

BY_NAME = {detector.name: detector for detector in DETECTORS}
PEOPLE = Identifiers(EXAMPLES, PSEUDONYMS)


@pytest.mark.parametrize("name", BY_NAME)
def test_a_detector_matches_its_examples_and_spares_the_others(name):
    detector = BY_NAME[name]
    assert [text for text in detector.matches if not detector.finds(text, PEOPLE)] == []
    assert [text for text in detector.spares if detector.finds(text, PEOPLE)] == []


@pytest.mark.parametrize("detector", COLUMN_DETECTORS, ids=lambda detector: detector.name)
def test_a_detector_of_columns_matches_its_examples_and_spares_the_others(detector):
    def found(value):
        kind = duckdb.sql(f"select typeof({value})").fetchone()[0]
        asked = f"select {detector.condition.format(column='x')} from (select {value} as x)"
        return detector.applies(kind) and duckdb.sql(asked).fetchone()[0]

    assert [value for value in detector.matches if not found(value)] == []
    assert [value for value in detector.spares if found(value)] == []


@pytest.mark.parametrize("text", ["rest:payments", "payments:direct", "team-17", "2026-W05", "Zahlungen & Löhne", ""])
def test_ordinary_unit_names_are_spared(text):
    assert hits(text, PEOPLE) == ()


def test_the_digest_of_the_set_does_not_depend_on_order():
    assert Identifiers(["a", "b"]).digest == Identifiers(["b", "a"]).digest != Identifiers(["a"]).digest


def test_an_account_met_at_the_door_is_found_and_is_not_in_the_digest():
    people = Identifiers(["ada"], seen=["octo-visitor", ""])
    assert "identifier" in hits("Friends of octo-visitor", people.called(PSEUDONYMS))
    assert people.digest == Identifiers(["ada"]).digest == people.called(PSEUDONYMS).digest


def test_empty_identifiers_match_nothing():
    nobody = Identifiers(["", "  "])
    assert [detector.name for detector in VALUES if detector.finds("payments", nobody)] == []


def test_nobody_is_shown():
    assert repr(Identifiers(["ada.loewe"])) == "Identifiers(1)"


def test_names_that_look_alike_fold_alike():
    assert fold("Ｚoë\u200b STRAẞE") == fold("zoe strasse")


@pytest.mark.parametrize("name", ["Νίκος Παπάς", "Иван Петров", "Łukasz Nørgård", "山田 太郎", "José\u0301 Ñ"])
def test_a_name_of_any_script_folds_alike_in_any_case(name):
    assert set(folds(name.upper())) & set(folds(name.lower()))
    assert "identifier" in hits(f"x {name.upper()} y", Identifiers([name]))


ENCODINGS = {
    "reversed": lambda text: text[::-1],
    "rot13": lambda text: codecs.encode(text, "rot13"),
    "url": lambda text: "".join(f"%{byte:02X}" for byte in text.encode()),
    "quoted": quote,
    "base64": lambda text: base64.b64encode(text.encode()).decode(),
    "hex": lambda text: text.encode().hex(),
    "wide base64": lambda text: base64.b64encode(text.encode("utf-16-le")).decode(),
    "none": lambda text: text,
}


@settings(deadline=None)
@given(
    st.text("abcdefghijklmnopqrstuvwxyz", min_size=6, max_size=10),
    st.tuples(st.sampled_from(sorted(ENCODINGS)), st.sampled_from(sorted(ENCODINGS))),
    st.sampled_from(["{}", "team {}", "{}.", "(x: {})"]),
)
def test_two_disguises_over_one_another_are_taken_off(login, disguises, around):
    first, second = disguises
    people = Identifiers([f"{login}.{login}"])
    text = ENCODINGS[second](around.format(ENCODINGS[first](f"{login}.{login}")))
    assert any(name.startswith("identifier") for name in hits(text, people))


@settings(deadline=None)
@given(st.text(max_size=40))
def test_no_text_stumbles_a_detector(text):
    hits(text, PEOPLE)


@settings(deadline=None)
@given(st.recursive(st.text(max_size=5) | st.none(), lambda inner: st.lists(inner, max_size=3), max_leaves=8))
def test_every_leaf_of_a_value_is_read(value):
    def texts(inner):
        return {inner} if isinstance(inner, str) else set().union(*map(texts, inner)) if inner else set()

    plain = {text for text in texts(value) if not text.lstrip().startswith(("{", "[", '"'))}
    assert plain <= set(leaves(value))


def test_a_digest_is_found_by_eight_digits_and_not_by_seven():
    known = Digests([0x0123456789ABCDEF, 0xFFFFFFFFFFFFFFFF])
    assert known.has("01234567")
    assert known.has("0123456789abcdef0123")
    assert known.has("f" * 64)
    assert not known.has("0123456")
    assert not known.has("01234568")
    assert not Digests([]).has("0" * 64)


def test_every_finding_has_a_remedy_without_a_value():
    for name in (*BY_NAME, *COLUMNS):
        for column in ("unit_name", "(unregistered)", "status", ""):
            assert remedy(Finding(f"detectors.{name}", "team_delivery", column, 1))
    assert remedy(Finding("detectors", "team_delivery", "", 0)) == ""
    assert remedy(Finding("shape", "team_delivery", "", 3)) == ""


def test_of_texts_that_may_not_stand_there_only_so_many_are_searched_and_the_others_block(monkeypatch):
    monkeypatch.setattr(text, "FOREIGN", 50)
    db = duckdb.connect()
    db.execute(
        "create table gate_rows as select date '2024-01-01' as period_start, 'u' || i as unit_id, 'ada.loewe' as extra "
        "from range(300) as r(i)"
    )
    db.execute("create table gate_columns as select column_name, column_type as data_type from (describe gate_rows)")
    db.execute("create table gate_cells as select period_start, unit_id as atom_id, unit_id as team_id from gate_rows")
    units = [[f"u{number}", "Ada Loewe's" if number == 299 else "Web"] for number in range(100, 300)]
    db.execute("create table gate_units (unit_id varchar, unit_name varchar)")
    db.executemany("insert into gate_units values (?, ?)", units)
    found = detect(Case(db, table_named("team_delivery"), Policy()), PEOPLE)
    assert {(one.rule, one.column): one.count for one in found} == {
        ("detectors.unsearched", "unit_id"): 50,
        ("detectors.unsearched", "team_id"): 50,
        ("detectors.identifier", "(unregistered)"): 1,
        ("detectors.identifier", "unit_name"): 1,
    }


def test_two_years_of_two_thousand_teams_and_twenty_thousand_identifiers_take_seconds():
    """3.9 million cells: distinct texts are looked at once."""
    db = duckdb.connect()
    case = Case(db, table_named("team_delivery"), Policy())
    start = dt.date(2024, 1, 1)
    db.execute(
        "create table gate_rows as select ($start + (28 * p)::integer)::date as period_start, "
        "'team-' || t as unit_id, 'team' as unit_level, 'published' as status, '6-9' as size_band, "
        "10 * (t % 40) as changes_merged, 16::double as cycle_time_hours_p50 "
        "from range(2000) as teams(t), range(26) as periods(p)",
        {"start": start},
    )
    db.execute("create table gate_columns as select column_name, column_type as data_type from (describe gate_rows)")
    db.execute("create table gate_cells as select period_start, unit_id as atom_id, unit_id as team_id from gate_rows")
    db.execute(
        "create table gate_units as select unit_id, 'Team ' || unit_id || ': platform and payments' as unit_name "
        "from gate_rows"
    )
    people = [f"First{n} Surname{n}" for n in range(10_000)] + [f"first{n}.sur@example.org" for n in range(10_000)]
    started = time.perf_counter()
    assert [one.count for one in detect(case, Identifiers(people))] == [0]
    assert time.perf_counter() - started < 10
