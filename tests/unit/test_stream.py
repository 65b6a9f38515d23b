"""A declaration that makes no sense fails where it is made, by name."""

import dataclasses

import pyarrow as pa
import pytest

from sources import systems
from sources.stream import Account, Column, Kind, Stream, System

ID = Column("id_key", Kind.KEY, "id", space="thing")
THINGS = Stream("things", (ID,), ("id_key",))


def test_there_are_seven_kinds_and_no_eighth():
    assert {kind.value for kind in Kind} == {"key", "scope", "person", "category", "number", "time", "flag"}


@pytest.mark.parametrize(
    ("column", "fault"),
    [
        (Column("At", Kind.TIME, "at"), "snake case"),
        (Column("at", Kind.TIME), "exactly one of"),
        (Column("at", Kind.TIME, "at", of=len), "exactly one of"),
        (Column("who", Kind.PERSON, "login"), "accounts"),
        (Column("at", Kind.TIME, accounts=(Account("github", "login"),)), "accounts"),
        (Column("state", Kind.CATEGORY, "state"), "mapping"),
        (Column("state", Kind.CATEGORY, "state", mapping={"OPEN": "open"}), "lower case"),
        (Column("at", Kind.TIME, "at", mapping={"a": "b"}), "mapping"),
        (Column("other_key", Kind.KEY, "id"), "space"),
        (ID, "declared twice"),
    ],
)
def test_a_wrong_column_is_named(column, fault):
    with pytest.raises(ValueError, match=f"stream 'things': column '{column.name}': .*{fault}"):
        Stream("things", (ID, column), ("id_key",))


@pytest.mark.parametrize(
    ("wrong", "fault"),
    [
        ({"name": "The things"}, "snake case"),
        ({"key": ()}, "no key"),
        ({"key": ("nothing",)}, "'nothing': in the key"),
        ({"parent": THINGS}, "belong together"),
        ({"at": "parts"}, "belong together"),
        ({"replaces": ("nothing",)}, "'nothing': replaces"),
    ],
)
def test_a_wrong_stream_is_named(wrong, fault):
    with pytest.raises(ValueError, match=fault):
        dataclasses.replace(THINGS, **wrong)


def test_a_wrong_system_is_named():
    child = Stream("parts", (ID,), ("id_key",), parent=THINGS, at="parts")
    with pytest.raises(ValueError, match="system 'shop'"):
        System("shop", (child,), "things", "project", reader=None)
    with pytest.raises(ValueError, match="declared twice"):
        System("shop", (THINGS, THINGS), "things", "project", reader=None)


def test_a_stream_knows_its_schema():
    columns = (
        ID,
        Column("at", Kind.TIME, "at"),
        Column("lines", Kind.NUMBER, "lines", required=True),
        Column("is_new", Kind.FLAG, "new"),
    )
    assert Stream("things", columns, ("id_key",)).schema == pa.schema(
        [
            pa.field("id_key", pa.string(), nullable=False),
            pa.field("at", pa.timestamp("us")),
            pa.field("lines", pa.int64(), nullable=False),
            pa.field("is_new", pa.bool_()),
        ]
    )


@pytest.mark.parametrize("name", systems.names())
def test_each_system_is_found_by_its_name(name):
    system = systems.load(name)
    assert system.name == name
    assert system.table(system.reads) == f"{name}_{system.reads}"


def test_a_misspelt_system_is_told_the_nearest():
    with pytest.raises(ValueError, match="did you mean 'github'"):
        systems.load("gihub")


@pytest.mark.parametrize("name", systems.names())
def test_every_computed_column_says_how(name):
    for stream in systems.load(name).streams:
        for column in stream.columns:
            assert column.of is None or column.of.__doc__, f"{name}.{stream.name}.{column.name}: no docstring"
