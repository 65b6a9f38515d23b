"""What becomes of a record before the first byte is written: declared columns, each made harmless by its kind.

Keys, scopes and persons become keyed pseudonyms (HMAC-SHA-256, 128 bits kept); categories one of their closed list;
times UTC to the second. An allow-list: a field that no column names is not looked at. An error names stream and
column, never a value.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sources.errors import BadValue
from sources.pseudonyms import Pseudonyms, fold
from sources.stream import PARENT, Column, Json, Kind, Record, Stream

if TYPE_CHECKING:
    import pyarrow as pa

__all__ = ["Pseudonyms", "fold", "lookup", "minimise", "nested"]
MILLISECONDS = 10**11  # whole numbers from here on are milliseconds since 1970, below it seconds


def lookup(record: Json, path: str) -> Json:
    """The value at a dotted path; None as soon as something on the way is null or absent."""
    return _walk(record, path.split("."))


def _walk(value: Json, steps: list[str]) -> Json:
    for step in steps:
        if not isinstance(value, dict):
            return None
        value = value.get(step)
    return value


def nested(stream: Stream, records: Iterable[Record]) -> list[Record]:
    """The records of a nested stream, each with the one around it as `parent`."""
    found: list[Record] = []
    for record in records:
        inner = lookup(record, stream.at)
        if inner is None:
            continue
        if not isinstance(inner, list):
            raise BadValue("not a list", f"{stream.name}: {stream.at}") from None
        found.extend({**item, PARENT: record} for item in inner if item is not None)
    return found


def minimise(stream: Stream, records: Iterable[Record], pseudonyms: Pseudonyms) -> pa.Table:
    """The rows of a stream; of several with one key the last."""
    import pyarrow as pa

    kept = _kept(stream, records)
    columns = {column.name: _values(stream, column, kept, pseudonyms) for column in stream.columns}
    last = {key: row for row, key in enumerate(zip(*(columns[name] for name in stream.key), strict=True))}
    table = pa.Table.from_pydict(columns, schema=stream.schema)
    return table if len(last) == len(kept) else table.take(list(last.values()))


def _kept(stream: Stream, records: Iterable[Record]) -> list[Record]:
    try:
        return [record for record in records if stream.keep is None or stream.keep(record)]
    except (TypeError, KeyError, AttributeError):
        raise BadValue("a record lacks what tells whether it is kept", stream.name) from None


def _values(stream: Stream, column: Column, records: list[Record], pseudonyms: Pseudonyms) -> list[object]:
    where = f"{stream.name}.{column.name}"
    make = _maker(column, pseudonyms)
    try:
        values = [None if raw is None else make(raw) for raw in _raw(column, records)]
    except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
        raise BadValue(f"not a {column.kind.value}", where) from None
    if (column.required or column.name in stream.key) and None in values:
        raise BadValue(f"no {column.kind.value}, though each record has one", where) from None
    return values


def _raw(column: Column, records: list[Record]) -> list[Json]:
    if column.of is not None:
        return list(map(column.of, records))
    if column.accounts:
        accounts = [(account.space, account.path.split(".")) for account in column.accounts]
        found = (((space, _walk(record, steps)) for space, steps in accounts) for record in records)
        return [next((each for each in account if each[1]), None) for account in found]
    first, *steps = column.path.split(".")
    if not steps:
        return [record.get(first) for record in records]
    return [_walk(record.get(first), steps) for record in records]


def _maker(column: Column, pseudonyms: Pseudonyms) -> Callable[[Json], object]:
    makers: dict[Kind, Callable[[Column, Pseudonyms], Callable[[Json], object]]] = {
        Kind.KEY: _key,
        Kind.SCOPE: _key,
        Kind.PERSON: lambda _, known: lambda found: known.account(found[0], _text(found[1])),
        Kind.CATEGORY: _word,
        Kind.NUMBER: lambda column, _: _fraction if column.fraction else _whole,
        Kind.TIME: lambda *_: _time,
        Kind.FLAG: lambda *_: _flag,
    }
    return makers[column.kind](column, pseudonyms)


def _key(column: Column, pseudonyms: Pseudonyms) -> Callable[[Json], object]:
    known = pseudonyms.known(column.kind.value, column.space)
    return lambda value: known[value if type(value) is str else _text(value)]


def _word(column: Column, _: Pseudonyms) -> Callable[[Json], object]:
    mapping, other = column.mapping, column.other
    return lambda value: mapping.get(_text(value).strip().lower(), other)


def _text(value: object) -> str:
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise TypeError
    return str(value)


def _whole(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not -(2**63) <= value < 2**63:
        raise TypeError
    return value


def _fraction(value: object) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError
    return float(value)


def _flag(value: object) -> bool:
    if not isinstance(value, bool):
        raise TypeError
    return value


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
