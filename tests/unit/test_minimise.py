"""What a record becomes: the declared columns, harmless; an allow-list, never a deny-list."""

import dataclasses
import datetime as dt
import hashlib
import hmac
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.errors import BadValue
from sources.minimise import Pseudonyms, fold, lookup, minimise
from sources.stream import Account, Column, Kind, Stream
from sources.values import Values, nested

CANARY = "canary-7f3a"
PSEUDONYMS = Pseudonyms(b"k" * 32)
THINGS = Stream(
    "things",
    (
        Column("thing_key", Kind.KEY, "id", space="thing"),
        Column("repository_key", Kind.SCOPE, "head.repo.name", space="repository"),
        Column("author_key", Kind.PERSON, accounts=(Account("github", "user.login"), Account("email", "email"))),
        Column("state", Kind.CATEGORY, "state", mapping={"open": "open", "shut": "closed"}),
        Column("lines", Kind.NUMBER, "lines"),
        Column("at", Kind.TIME, "at"),
        Column("is_new", Kind.FLAG, "new"),
    ),
    ("thing_key",),
)
PARTS = Stream(
    "parts",
    (
        Column("part_key", Kind.KEY, "id", space="part"),
        Column("thing_key", Kind.KEY, "parent.id", space="thing"),
    ),
    ("part_key",),
    replaces=("thing_key",),
    parent=THINGS,
    at="parts.nodes",
)


def row(**record):
    return minimise(THINGS, Values([{"id": 1, **record}]), PSEUDONYMS).to_pylist()[0]


def test_a_field_that_no_column_names_is_dropped():
    table = minimise(
        THINGS, Values([{"id": 1, "title": CANARY, "user": {"login": "a", "name": CANARY}, CANARY: 1}]), PSEUDONYMS
    )
    assert table.column_names == [column.name for column in THINGS.columns]
    assert CANARY not in str(table.to_pylist())


def test_nothing_that_identifies_is_left_plain():
    found = row(user={"login": CANARY}, head={"repo": {"name": CANARY}}, state=CANARY)
    assert CANARY not in str(found)
    assert len(found["author_key"]) == 32
    assert set(found["author_key"]) <= set(string.hexdigits.lower())


@pytest.mark.parametrize("record", [{"head": None}, {"head": {"repo": None}}, {}, {"user": None}, {"head": "text"}])
def test_null_objects_on_the_way_give_null(record):
    found = row(**record)
    assert found["repository_key"] is None
    assert found["author_key"] is None


@pytest.mark.parametrize("login", ["ghost", "Ghost", "", "  ", None])
def test_a_deleted_account_is_nobody(login):
    assert row(user={"login": login})["author_key"] is None


def test_the_first_account_present_counts():
    assert row(user={"login": "ann"}, email="x@y")["author_key"] == PSEUDONYMS.account("github", "ann")
    assert row(user=None, email="x@y")["author_key"] == PSEUDONYMS.account("email", "x@y")


@given(st.text())
def test_spellings_of_one_account_are_one(text):
    assert fold(f" {fold(text)} ") == fold(text)
    assert PSEUDONYMS.account("github", text) == PSEUDONYMS.account("github", f" {fold(text)} ")


def test_pseudonyms_differ_by_key_kind_and_namespace():
    other = Pseudonyms(b"o" * 32)
    made = [
        PSEUDONYMS.account("github", "ann"),
        PSEUDONYMS.account("jira", "ann"),
        PSEUDONYMS.scope("github", "ann"),
        PSEUDONYMS.key("github", "ann"),
        other.account("github", "ann"),
    ]
    assert len(set(made)) == len(made)
    assert PSEUDONYMS.account("github", "Ann ") == made[0]
    assert PSEUDONYMS.key("review", "aB") != PSEUDONYMS.key("review", "Ab")
    assert "ann" not in repr(PSEUDONYMS)


@pytest.mark.parametrize("length", [16, 32, 64, 65, 200])
def test_a_pseudonym_is_half_an_hmac_of_kind_namespace_and_folded_name(length):
    spoken = hmac.new(b"k" * length, b"account\0github\0ann", hashlib.sha256).hexdigest()
    assert Pseudonyms(b"k" * length).account("github", " ANN") == spoken[:32]


def test_a_short_key_is_refused():
    with pytest.raises(ValueError, match="shorter"):
        Pseudonyms(b"short")


@pytest.mark.parametrize(("word", "is_"), [("OPEN", "open"), ("Shut ", "closed"), (CANARY, "other"), (None, None)])
def test_a_category_is_one_of_its_list(word, is_):
    assert row(state=word)["state"] == is_
    assert THINGS.column("state").domain == ("open", "closed", "other")


@pytest.mark.parametrize(
    ("value", "is_"),
    [
        ("2024-03-01T10:00:00Z", "2024-03-01 10:00:00"),
        ("2024-03-01T10:00:00.987+0200", "2024-03-01 08:00:00"),
        ("2024-03-01T10:00:00-05:30", "2024-03-01 15:30:00"),
        (1709287200, "2024-03-01 10:00:00"),
        (1709287200123, "2024-03-01 10:00:00"),
        (None, "None"),
    ],
)
def test_a_time_is_utc_to_the_second(value, is_):
    assert str(row(at=value)["at"]) == is_


ZONES = st.integers(-1439, 1439).map(lambda minutes: dt.timezone(dt.timedelta(minutes=minutes)))
MOMENTS = st.datetimes(
    dt.datetime.fromisoformat("0002-01-01"), dt.datetime.fromisoformat("9998-12-31"), timezones=ZONES
)


@given(st.lists(MOMENTS, min_size=1), st.sampled_from(["T", " "]), st.booleans())
def test_times_read_at_once_are_those_read_one_by_one(moments, between, oddly):
    texts = [moment.isoformat(between) for moment in moments]
    odd = ["20240301T100000Z"] if oddly else []  # which Arrow does not read
    records = [{"id": at, "at": text} for at, text in enumerate(texts + odd)]
    utc = [moment.astimezone(dt.UTC).replace(microsecond=0, tzinfo=None) for moment in moments]
    assert minimise(THINGS, Values(records), PSEUDONYMS)["at"].to_pylist()[: len(utc)] == utc


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("at", CANARY),
        ("at", "2024-03-01T10:00:00"),
        ("at", "2024-03-01"),
        ("at", "0000-01-01T00:00:00Z"),
        ("at", 10**30),
        ("at", True),
        ("lines", CANARY),
        ("lines", 1.5),
        ("lines", True),
        ("lines", 2**70),
        ("lines", 2**63),
        ("lines", 10**400),
        ("new", CANARY),
        ("new", 1),
        ("state", [CANARY]),
        ("id", {"x": CANARY}),
        ("id", None),
        ("user", {"login": {"x": CANARY}}),
    ],
)
def test_a_wrong_type_is_told_by_column_and_never_by_value(column, value):
    with pytest.raises(BadValue, match=r"things\.") as raised:
        row(**{column: value})
    assert CANARY not in str(raised.value)
    assert raised.value.__suppress_context__


def test_of_several_with_one_key_the_last_counts():
    table = minimise(THINGS, Values([{"id": 1, "lines": 1}, {"id": 2, "lines": 2}, {"id": 1, "lines": 3}]), PSEUDONYMS)
    assert sorted(table["lines"].to_pylist()) == [2, 3]


def test_nested_records_know_the_one_around_them():
    things = [{"id": 1, "parts": {"nodes": [{"id": 7}, None]}}, {"id": 2, "parts": None}, {"id": 3}]
    found = minimise(PARTS, nested(PARTS, Values(things)), PSEUDONYMS).to_pylist()
    assert [each["thing_key"] for each in found] == [PSEUDONYMS.key("thing", "1")]
    assert row(new=True)["is_new"] is True
    with pytest.raises(BadValue, match="parts"):
        nested(PARTS, Values([{"id": 1, "parts": {"nodes": CANARY}}]))


def test_only_records_that_are_kept_become_rows():
    stream = dataclasses.replace(THINGS, keep=lambda record: record["state"] == "open")
    assert minimise(stream, Values([{"id": 1, "state": "open"}, {"id": 2, "state": "shut"}]), PSEUDONYMS).num_rows == 1
    with pytest.raises(BadValue, match="things"):
        minimise(stream, Values([{"id": CANARY}]), PSEUDONYMS)


def test_a_path_leads_through_objects_alone():
    assert lookup({"a": {"b": 1}}, "a.b") == 1
    assert lookup({"a": [1]}, "a.b") is None


def test_a_value_may_be_computed_from_the_record():
    computed = Column("is_long", Kind.FLAG, of=lambda record: record["lines"] > 9)
    stream = dataclasses.replace(THINGS, columns=(*THINGS.columns, computed))
    assert minimise(stream, Values([{"id": 1, "lines": 10}]), PSEUDONYMS)["is_long"].to_pylist() == [True]
    for wrong in ({"id": CANARY}, {"id": 1, "lines": CANARY}):
        with pytest.raises(BadValue, match=r"things\.") as raised:
            minimise(stream, Values([wrong]), PSEUDONYMS)
        assert CANARY not in str(raised.value)


def test_of_a_listed_machine_the_flag_alone_is_left():
    flag = Column("is_bot", Kind.FLAG, "bot", actor=lambda record: ("github", record["user"]["login"]))
    stream = dataclasses.replace(THINGS, columns=(*THINGS.columns, flag))
    things = [{"id": n, "bot": False, "user": {"login": login}} for n, login in enumerate((" Builder", "ann"))]
    listing = Pseudonyms(b"k" * 32, {"github": ["builder"], "email": ["ann"]})
    found = minimise(stream, Values(things), listing).to_pylist()
    assert [(one["author_key"], one["is_bot"]) for one in found] == [
        (None, True),
        (PSEUDONYMS.account("github", "ann"), False),
    ]
    assert listing.accounts() == {"ann"} and "builder" not in repr(listing)
