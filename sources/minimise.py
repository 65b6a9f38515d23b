"""What becomes of a record before the first byte is written: declared columns, each made harmless by its kind.

Keys, scopes and persons become keyed pseudonyms (HMAC-SHA-256, 128 bits kept); categories one of their closed list;
times UTC to the second. An allow-list: a field that no column names is not looked at. An error names stream and
column, never a value.
"""

from __future__ import annotations

import hmac
import unicodedata
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sources.errors import BadValue
from sources.stream import PARENT, Column, Json, Kind, Record, Stream

if TYPE_CHECKING:
    import pyarrow as pa

NOBODY = {"", "ghost"}  # the platform's stand-in for a deleted account
MILLISECONDS = 10**11  # whole numbers from here on are milliseconds since 1970, below it seconds


def fold(value: str) -> str:
    """The form in which two spellings of one name are equal."""
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", value).casefold()).strip()


class Pseudonyms:
    """Keyed pseudonyms, one per distinct value and namespace; without the key they can be neither made nor checked."""

    __slots__ = ("_key", "_known")

    def __init__(self, key: bytes) -> None:
        if len(key) < 16:
            message = "the key of the pseudonyms is shorter than 16 bytes: take the one that the vault derives"
            raise ValueError(message)
        self._key = key
        self._known: dict[tuple[str, str, str], str | None] = {}

    def __repr__(self) -> str:
        return "Pseudonyms()"

    def account(self, space: str, value: str) -> str | None:
        """A person's account: space github, jira or email. None for nobody."""
        return self._of("account", space, value)

    def scope(self, space: str, value: str) -> str:
        """A repository (`owner/name`, the same for GitHub and git) or a project (its key)."""
        return self._of("scope", space, value) or ""

    def key(self, space: str, value: str) -> str:
        """Anything else that rows are told apart by; not folded, as ids may differ by case alone."""
        return self._of("key", space, value) or ""

    def _of(self, kind: str, space: str, value: str) -> str | None:
        try:
            return self._known[kind, space, value]
        except KeyError:
            made = self._known[kind, space, value] = self._made(kind, space, value)
            return made

    def _made(self, kind: str, space: str, value: str) -> str | None:
        text = value if kind == "key" else fold(value)
        if kind == "account" and text in NOBODY:
            return None
        spoken = f"{kind}\0{space}\0{text}".encode(errors="surrogatepass")
        return hmac.digest(self._key, spoken, "sha256").hex()[:32]


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
    read = _reader(column)
    make = _maker(column, pseudonyms)
    needed = column.required or column.name in stream.key
    values: list[object] = []
    for record in records:
        try:
            raw = read(record)
            value = None if raw is None else make(raw)
        except (TypeError, ValueError, KeyError, AttributeError, OverflowError):
            raise BadValue(f"not a {column.kind.value}", where) from None
        if value is None and needed:
            raise BadValue(f"no {column.kind.value}, though each record has one", where) from None
        values.append(value)
    return values


def _reader(column: Column) -> Callable[[Record], Json]:
    if column.of is not None:
        return column.of
    if column.accounts:
        accounts = [(account.space, account.path.split(".")) for account in column.accounts]

        def first(record: Record) -> tuple[str, str] | None:
            for space, steps in accounts:
                if value := _walk(record, steps):
                    return space, value
            return None

        return first
    steps = column.path.split(".")
    return lambda record: _walk(record, steps)


def _maker(column: Column, pseudonyms: Pseudonyms) -> Callable[[Json], object]:
    makers: dict[Kind, Callable[[Json], object]] = {
        Kind.KEY: lambda value: pseudonyms.key(column.space, _text(value)),
        Kind.SCOPE: lambda value: pseudonyms.scope(column.space, _text(value)),
        Kind.PERSON: lambda value: pseudonyms.account(value[0], _text(value[1])),
        Kind.CATEGORY: lambda value: column.mapping.get(_text(value).strip().lower(), column.other),
        Kind.NUMBER: _fraction if column.fraction else _whole,
        Kind.TIME: _time,
        Kind.FLAG: _flag,
    }
    return makers[column.kind]


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
