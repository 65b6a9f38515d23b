"""The newest period as a plain table, in the order of the tree."""

from __future__ import annotations

from dataclasses import dataclass

from report.measures import MEASURES, Measure
from report.reading import Published, Row, Unit
from report.sections import written


@dataclass(frozen=True, slots=True)
class TableLine:
    """A row of the plain table."""

    unit: Unit
    depth: int
    band: str
    values: tuple[str, ...]


def lines_of(found: Published) -> list[TableLine]:
    """The newest period as a table, in the order of the tree; a rest that holds nobody is left out."""
    newest = found.newest()
    rows: dict[str, dict[str, Row]] = {}
    for table in found.rows:
        for row in found.rows[table]:
            if row.period_start == newest:
                rows.setdefault(row.unit_id, {})[table] = row
    return [
        TableLine(unit, _depth(unit), _band(of), tuple(_cell(of, one) for one in MEASURES))
        for unit in found.in_order()
        if (of := rows.get(unit.unit_id)) and (unit.level != "rest" or any(row.is_published for row in of.values()))
    ]


def _band(rows: dict[str, Row]) -> str:
    """People: a rest has other members in every table, and then none is told."""
    bands = {row.size_band for row in rows.values()}
    return bands.pop() if len(bands) == 1 else ""


def _depth(unit: Unit) -> int:
    if unit.level == "org":
        return 0
    return 1 if unit.level == "group" or unit.unit_id == "rest:org" else 2


def _cell(rows: dict[str, Row], measure: Measure) -> str:
    row = rows.get(measure.table)
    return written(measure.kind, row.values[measure.column]) if row else ""
