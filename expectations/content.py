"""Canonical content: one digest per table and period, the same wherever the rows lie.

Columns by name with their type, rows by key, JSON lines, UTF-8, SHA-256. The rows of `cells` belong to the content
of the table and period whose atoms they describe, since they are published with it. Neither the database file's
bytes nor the order of rows or columns matter. The gate and the publisher both use this page, over the vault and over a
release; a digest of a blocked candidate never leaves the vault.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEY = ("period_start", "unit_id", "team_id", "table_name")


def contents(
    connection: "DuckDBPyConnection", relation: str, cells: str, table_name: str, periods: Iterable[date] | None = None
) -> dict[date, str]:
    """The digest of each period of a table: its rows in `relation` and its rows in `cells`, both qualified names."""
    wanted = None if periods is None else set(periods)
    own = _by_period(connection, relation, None)
    theirs = _by_period(connection, cells, table_name)
    known = [key for key in own.rows if isinstance(key, date)]
    starts = sorted(known if wanted is None else wanted)
    return {start: _digest([*own.of(start), *theirs.of(start)]) for start in starts}


def relation_content(connection: "DuckDBPyConnection", relation: str) -> str:
    """The digest of a whole relation."""
    return _digest(_lines(connection, relation, "true", []))


class _Periods:
    """Canonical lines of one relation, by period."""

    __slots__ = ("head", "rows")

    def __init__(self, head: str) -> None:
        self.head = head
        self.rows: dict[object, list[str]] = {}

    def of(self, start: date) -> list[str]:
        return [self.head, *self.rows.get(start, [])]


def _by_period(connection: "DuckDBPyConnection", relation: str, table_name: str | None) -> _Periods:
    where, values = ("true", []) if table_name is None else ("table_name = ?", [table_name])
    names, rows, head = _read(connection, relation, where, values)
    at = names.index("period_start")
    periods = _Periods(head)
    for row in rows:
        periods.rows.setdefault(row[at], []).append(_line(row))
    return periods


def _lines(connection: "DuckDBPyConnection", relation: str, where: str, values: list[str]) -> Iterator[str]:
    _, rows, head = _read(connection, relation, where, values)
    yield head
    yield from map(_line, rows)


def _read(
    connection: "DuckDBPyConnection", relation: str, where: str, values: list[str]
) -> tuple[list[str], list[tuple[Any, ...]], str]:
    described = connection.execute(f"describe select * from {relation}").fetchall()
    types = sorted((name, kind) for name, kind, *_ in described)
    names = [name for name, _ in types]
    listed = ", ".join(_quoted(name) for name in names)
    order = [name for name in KEY if name in names] + [name for name in names if name not in KEY]
    by = ", ".join(f"{_quoted(name)} nulls first" for name in order)
    rows = connection.execute(f"select {listed} from {relation} where {where} order by {by}", values).fetchall()
    return names, rows, json.dumps([list(pair) for pair in types], ensure_ascii=False, separators=(",", ":"))


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'


def _line(row: tuple[Any, ...]) -> str:
    return json.dumps([_plain(value) for value in row], ensure_ascii=False, separators=(",", ":"))


def _plain(value: object) -> str | int | bool | None:
    if isinstance(value, float):
        return repr(value + 0.0)
    if isinstance(value, date | datetime):
        return value.isoformat()
    return value if value is None or isinstance(value, str | int | bool) else str(value)


def _digest(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8", "surrogatepass") + b"\n")
    return digest.hexdigest()
