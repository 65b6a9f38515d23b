"""What becomes of a record before the first byte is written: declared columns, each made harmless by its kind.

Keys, scopes and persons become keyed pseudonyms (HMAC-SHA-256, 128 bits kept); categories one of their closed list;
times UTC to the second. An allow-list: a field that no column names is not looked at. An error names stream and
column, never a value.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from types import NoneType
from typing import TYPE_CHECKING

from sources.errors import BadValue
from sources.pseudonyms import Pseudonyms, fold
from sources.stream import Column, Json, Kind, Stream
from sources.values import Values, lookup

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Pseudonyms", "fold", "lookup", "minimise"]
MILLISECONDS = 10**11  # whole numbers from here on are milliseconds since 1970, below it seconds
FIRST, LAST = "0002", "9999"  # texts of the years between are of a year that every calendar has, in UTC too


def minimise(stream: Stream, values: Values, pseudonyms: Pseudonyms) -> pa.Table:
    """The rows of a stream; of several with one key the last."""
    import pyarrow as pa

    schema = stream.schema
    kept = values.kept(stream)
    columns = [_made(stream, column, kept, pseudonyms, schema) for column in stream.columns]
    table = pa.Table.from_arrays(columns, schema=schema)
    keys = zip(*(table.column(name).to_pylist() for name in stream.key), strict=True)
    last = {key: row for row, key in enumerate(keys)}
    return table if len(last) == table.num_rows else table.take(list(last.values()))


def _made(stream: Stream, column: Column, values: Values, pseudonyms: Pseudonyms, schema: pa.Schema) -> pa.Array:
    """One column as it is written."""
    import pyarrow as pa

    where = f"{stream.name}.{column.name}"
    field = schema.field(column.name)
    try:
        made = MAKERS[column.kind](column, _given(column, values, pseudonyms), pseudonyms)
        array = made if isinstance(made, pa.Array) else pa.array(made, field.type)
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        raise BadValue(f"not a {column.kind.value}", where) from None
    if array.null_count and not field.nullable:
        raise BadValue(f"no {column.kind.value}, though each record has one", where) from None
    return array


def _given(column: Column, values: Values, pseudonyms: Pseudonyms) -> list[Json]:
    """What a column is made from; a flag of an actor is true where the configuration lists the account."""
    found = values.of(column)
    if column.actor is None or not pseudonyms.machines:
        return found
    actors = map(column.actor, values.records)
    listed = (who is not None and pseudonyms.is_machine(who[0], _text(who[1])) for who in actors)
    return [True if is_listed else flag for is_listed, flag in zip(listed, found, strict=True)]


def _keys(column: Column, values: list[Json], pseudonyms: Pseudonyms) -> list[str | None]:
    known = pseudonyms.known(column.kind.value, column.space)
    return [None if value is None else known[value if type(value) is str else _text(value)] for value in values]


def _persons(_: Column, values: list[Json], pseudonyms: Pseudonyms) -> list[str | None]:
    made = {each: pseudonyms.account(each[0], _text(each[1])) for each in set(values) - {None}}
    return list(map(made.get, values))


def _words(column: Column, values: list[Json], _: Pseudonyms) -> list[str | None]:
    made = {each: column.mapping.get(_text(each).strip().lower(), column.other) for each in set(values) - {None}}
    return list(map(made.get, values))


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError
    return str(value)


def _numbers(_: Column, values: list[Json], __: Pseudonyms) -> list[int | None]:
    return _only(values, int)


def _flags(_: Column, values: list[Json], __: Pseudonyms) -> list[bool | None]:
    return _only(values, bool)


def _only(values: list[Json], kind: type) -> list[Json]:
    """The values, if all are null or of this very type: a truth is no number, a text no truth."""
    if not {NoneType, kind}.issuperset(map(type, values)):
        raise TypeError
    return values


def _times(_: Column, values: list[Json], __: Pseudonyms) -> pa.Array:
    """As UTC to the second without a zone: all at once if all are texts that Arrow reads, else one by one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    naive = pa.timestamp("us")
    with suppress(TypeError, pa.ArrowInvalid):  # Arrow refuses times without a zone, and some forms of ISO 8601
        if all(FIRST < value < LAST for value in values if value is not None):
            times = pa.array(values, pa.string()).cast(pa.timestamp("us", "UTC"))
            return pc.floor_temporal(times, unit="second").view(naive)
    return pa.array([None if value is None else _time(value) for value in values], naive)


def _time(value: object) -> datetime:
    """An ISO 8601 text or aware datetime, or a whole number since 1970, as UTC to the second without a zone."""
    if isinstance(value, str):
        value = datetime.fromisoformat(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        value = datetime.fromtimestamp(value // 1000 if value >= MILLISECONDS else value, UTC)
    if not isinstance(value, datetime) or value.tzinfo is None:
        raise TypeError
    if value.tzinfo is not UTC:
        value = value.astimezone(UTC)
    return value.replace(microsecond=0, tzinfo=None)


MAKERS: dict[Kind, Callable[[Column, list[Json], Pseudonyms], pa.Array | list[Json]]] = {
    Kind.KEY: _keys,
    Kind.SCOPE: _keys,
    Kind.PERSON: _persons,
    Kind.CATEGORY: _words,
    Kind.NUMBER: _numbers,
    Kind.TIME: _times,
    Kind.FLAG: _flags,
}
