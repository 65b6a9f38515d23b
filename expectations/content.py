"""Canonical content: one digest per table and period, the same wherever the rows lie.

Columns by name with their type, rows by key, JSON lines, UTF-8, SHA-256. The rows of `cells` belong to the content
of the table and period whose atoms they describe, since they are published with it. A column in which a period says
nothing (NULL throughout) is no part of its content: a measure that is added later leaves what was sealed before as it
was. Neither the database file's bytes nor the order of rows or columns matter. The gate and the publisher both use this
page, over the vault and over a release; a digest of a blocked candidate never leaves the vault.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from expectations.quoting import identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

KEY = ("period_start", "unit_id", "team_id", "table_name")


def contents(
    connection: "DuckDBPyConnection", relation: str, cells: str, table_name: str, periods: Iterable[date] | None = None
) -> dict[date, str]:
    """The digest of each period of a table: its rows in `relation` and its rows in `cells`, both qualified names."""
    wanted = None if periods is None else set(periods)
    own = _by_period(connection, relation, None, wanted)
    theirs = _by_period(connection, cells, table_name, wanted)
    known = [key for key in own.rows if isinstance(key, date)]
    starts = sorted(known if wanted is None else wanted)
    return {start: _digest([*own.of(start), *theirs.of(start)]) for start in starts}


def relation_content(connection: "DuckDBPyConnection", relation: str) -> str:
    """The digest of a whole relation."""
    return _digest(_lines(connection, relation, "true", []))


class _Periods:
    """The rows of one relation, by period."""

    __slots__ = ("rows", "types")

    def __init__(self, types: list[tuple[str, str]]) -> None:
        self.types = types
        self.rows: dict[object, list[tuple[Any, ...]]] = {}

    def of(self, start: date) -> list[str]:
        """Canonical lines: the columns that say something, then each row's values in them."""
        rows = self.rows.get(start, [])
        said = [at for at in range(len(self.types)) if any(row[at] is not None for row in rows)]
        return [_head([self.types[at] for at in said]), *(_line(tuple(row[at] for at in said)) for row in rows)]


def _by_period(
    connection: "DuckDBPyConnection", relation: str, table_name: str | None, wanted: set[date] | None
) -> _Periods:
    asked: dict[str, object] = {} if table_name is None else {"table_name = ?": table_name}
    if wanted is not None:
        asked["list_contains(?::date[], try_cast(period_start as date))"] = sorted(wanted)
    types, rows = _read(connection, relation, " and ".join(["true", *asked]), [*asked.values()])
    at = [name for name, _ in types].index("period_start")
    periods = _Periods(types)
    for row in rows:
        periods.rows.setdefault(row[at], []).append(row)
    return periods


def _lines(connection: "DuckDBPyConnection", relation: str, where: str, values: list[object]) -> Iterator[str]:
    types, rows = _read(connection, relation, where, values)
    yield _head(types)
    yield from map(_line, rows)


def _read(
    connection: "DuckDBPyConnection", relation: str, where: str, values: list[object]
) -> tuple[list[tuple[str, str]], list[tuple[Any, ...]]]:
    described = connection.execute(f"describe select * from {relation}").fetchall()
    types = sorted((name, kind) for name, kind, *_ in described)
    names = [name for name, _ in types]
    listed = ", ".join(identifier(name) for name in names)
    order = [name for name in KEY if name in names] + [name for name in names if name not in KEY]
    by = ", ".join(f"{identifier(name)} nulls first" for name in order)
    rows = connection.execute(f"select {listed} from {relation} where {where} order by {by}", values).fetchall()
    return types, rows


def _head(types: Iterable[tuple[str, str]]) -> str:
    return json.dumps([list(pair) for pair in types], ensure_ascii=False, separators=(",", ":"))


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
