"""What the page shows, read from a published database: nothing is computed here that a reader could not compute.

A table may be missing (no source) or empty (nothing released yet); both are told apart from a withheld row.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from report.measures import MEASURES, Measure

if TYPE_CHECKING:
    import duckdb

Value = float | None


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit as it was last named."""

    unit_id: str
    parent_id: str | None
    level: str
    name: str


@dataclass(frozen=True, slots=True)
class Row:
    """One unit in one period of one table."""

    period_start: date
    unit_id: str
    is_published: bool
    size_band: str
    values: dict[str, Value]
    shares: dict[str, float]  # of the stages that are shown


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The stage that holds a unit up in a period, its share of late and its usual one; None where none is told."""

    period_start: date
    unit_id: str
    stage: str | None
    recent: int | None
    usual: int | None


@dataclass(frozen=True, slots=True)
class Published:
    """A release, as far as the page needs it."""

    release_id: str
    released_on: date | None
    units: dict[str, Unit]
    rows: dict[str, list[Row]]  # by table; a table that is missing has no source
    ends: dict[date, date]
    cells: dict[tuple[str, date, str], list[str]]  # teams by table, period and row
    bottlenecks: list[Bottleneck]

    def newest(self, table: str | None = None) -> date | None:
        """The newest period of a table, or of all."""
        of = [self.rows.get(table, [])] if table else self.rows.values()
        return max((row.period_start for rows in of for row in rows), default=None)

    def values(self, measure: Measure, unit_id: str) -> dict[date, Value]:
        """One unit's values of a measure, by period."""
        rows = self.rows.get(measure.table, [])
        return {row.period_start: row.values[measure.column] for row in rows if row.unit_id == unit_id}

    def name(self, unit_id: str) -> str:
        """A unit's name; its id where it has none."""
        return self.units[unit_id].name if unit_id in self.units else unit_id

    def org(self) -> Unit | None:
        """The organisation."""
        return next((unit for unit in self.units.values() if unit.level == "org"), None)

    def in_order(self) -> list[Unit]:
        """The tree: the organisation, what is shown for several groups together, then each group with its teams."""
        return [unit for root in self._below(None) for unit in self._walk(root)]

    def groups(self) -> list[Unit]:
        """The groups, by name."""
        return [unit for unit in self.in_order() if unit.level == "group"]

    def series(self, group: Unit) -> list[Unit]:
        """Teams of a group, and its rest, that had a row of their own at least once."""
        seen = {row.unit_id for rows in self.rows.values() for row in rows if row.is_published}
        return [unit for unit in self._below(group.unit_id) if unit.unit_id in seen]

    def _walk(self, unit: Unit) -> list[Unit]:
        return [unit, *(one for child in self._below(unit.unit_id) for one in self._walk(child))]

    def _below(self, parent: str | None) -> list[Unit]:
        """By name; a rest stands first below the organisation, last in a group."""
        found = [unit for unit in self.units.values() if unit.parent_id == parent]
        return sorted(found, key=lambda unit: (_place(unit), unit.name))


def _place(unit: Unit) -> int:
    if unit.unit_id == "rest:org":
        return 0
    return 2 if unit.level == "rest" else 1


def read(connection: duckdb.DuckDBPyConnection) -> Published:
    """A published database, opened by somebody else."""
    tables = {name for (name,) in connection.execute("select table_name from information_schema.tables").fetchall()}
    newest = connection.execute("select release_id, released_on from releases order by released_on, rowid").fetchall()
    release_id, released_on = newest[-1] if newest else ("", None)
    periods = connection.execute("select distinct period_start, period_end from periods").fetchall()
    names = dict.fromkeys(measure.table for measure in MEASURES)
    return Published(
        release_id=release_id,
        released_on=released_on,
        units=_units(connection),
        rows={table: _rows(connection, table) for table in names if table in tables},
        ends=dict(periods),
        cells=_cells(connection) if "cells" in tables else {},
        bottlenecks=_bottlenecks(connection) if "team_bottlenecks" in tables else [],
    )


def _units(connection: duckdb.DuckDBPyConnection) -> dict[str, Unit]:
    rows = connection.execute(
        "select unit_id, parent_id, unit_level, unit_name from units order by unit_id, valid_from"
    ).fetchall()
    return {row[0]: Unit(*row) for row in rows}


def _cells(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, date, str], list[str]]:
    cells: dict[tuple[str, date, str], list[str]] = {}
    found = connection.execute("select table_name, period_start, unit_id, team_id from cells order by all").fetchall()
    for table, start, unit_id, team_id in found:
        cells.setdefault((table, start, unit_id), []).append(team_id)
    return cells


def _bottlenecks(connection: duckdb.DuckDBPyConnection) -> list[Bottleneck]:
    columns = "period_start, unit_id, bottleneck, bottleneck_share_pct, usual_share_pct"
    query = f"select {columns} from team_bottlenecks order by period_start, unit_id"
    return [Bottleneck(*row) for row in connection.execute(query).fetchall()]


def _rows(connection: duckdb.DuckDBPyConnection, table: str) -> list[Row]:
    columns = [measure.column for measure in MEASURES if measure.table == table]
    described = connection.execute(f"select * from {table} limit 0").description or ()
    stages = [column[0] for column in described if column[0].endswith("_share_pct")]
    picked = ", ".join(["period_start", "unit_id", "status", "size_band", *columns, *stages])
    rows = []
    for start, unit_id, status, band, *found in connection.execute(
        f"select {picked} from {table} order by period_start, unit_id"
    ).fetchall():
        values = dict(zip(columns, found, strict=False))
        shares = {name: share for name, share in zip(stages, found[len(columns) :], strict=True) if share is not None}
        rows.append(Row(start, unit_id, status == "published", band, values, shares))
    return rows
