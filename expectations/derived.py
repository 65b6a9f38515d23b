"""What a derived table has to say, found anew in what readers see of the table that it rests on.

dbt works it out in SQL over the vault; here the finder does, over rows that the register's digests prove. So the one
who protects is not the one who checks here either.
"""

from collections.abc import Iterator, Mapping
from datetime import date

import duckdb

from expectations.bottlenecks import Bottleneck, Period, bottleneck
from expectations.catalogue.bottlenecks import HOURS, SHARE
from expectations.scope import Case, build, literal
from expectations.shown import Shown, windows

ALIKE = ("unit_level", "status", "size_band")
"""Columns in which a row is like the one that it rests on."""
Cell = str | int | float | None
Line = tuple[date, str, str, str | None]
LINES = ("period_start", "unit_id", "column_name", "value")


def derived(case: Case) -> None:
    """`gate_resting` (what each judged period rests on), `gate_told` and `gate_derived` (all cells, as text)."""
    build(case, [("gate_told", _told(case))])
    try:
        judged = [start for (start,) in case.connection.execute("select period_start from gate_periods").fetchall()]
        resting = windows(case.connection, case.table.source, judged)
        lines = list(_lines(case, resting))
    except duckdb.Error:
        return
    rests: list[tuple[object, ...]] = [
        (start, one.start, str(one.is_proved).lower()) for start, window in resting.items() for one in window
    ]
    build(case, [("gate_resting", literal(rests, "period_start date, source_start date, is_proved boolean"))])
    _put(case, lines)


def _put(case: Case, lines: list[Line]) -> None:
    import pyarrow as pa

    kinds = (pa.date32(), pa.string(), pa.string(), pa.string())
    columns = zip(LINES, kinds, zip(*lines, strict=True) if lines else ((),) * len(LINES), strict=True)
    case.connection.register("found_by_gate", pa.table({name: pa.array(cells, kind) for name, kind, cells in columns}))
    build(case, [("gate_derived", "select * from found_by_gate")])
    case.connection.unregister("found_by_gate")


def _told(case: Case) -> str:
    columns = (*ALIKE, *(measure.column for measure in case.table.measures))
    return " union all ".join(
        f"select period_start, unit_id, '{column}' as column_name, {column}::varchar as value from gate_rows"
        for column in columns
    )


def _lines(case: Case, resting: Mapping[date, tuple[Shown, ...]]) -> Iterator[Line]:
    every = {one.start: one for window in resting.values() for one in window}
    rows = {start: _rows(case, one) for start, one in every.items()}
    for start, window in resting.items():
        for unit, row in rows.get(start, {}).items():
            history = [_period(case, rows[one.start].get(unit, {})) for one in window]
            values = {name: row[name] for name in ALIKE} | _values(bottleneck(history))
            yield from ((start, unit, name, None if cell is None else str(cell)) for name, cell in values.items())


def _rows(case: Case, one: Shown) -> dict[str, dict[str, Cell]]:
    names = (*ALIKE, *case.table.reads)
    query = f"select unit_id, {', '.join(names)} from {one.relation} where period_start = ?"
    found = case.connection.execute(query, [one.start]).fetchall()
    return {unit: dict(zip(names, values, strict=True)) for unit, *values in found}


def _period(case: Case, row: Mapping[str, Cell]) -> Period:
    shares = {name.removesuffix(SHARE): row.get(name) for name in case.table.reads if name.endswith(SHARE)}
    hours = row.get(HOURS)
    told = {stage: share if isinstance(share, int) else None for stage, share in shares.items()}
    return Period(told, hours if isinstance(hours, float) else None)


def _values(told: Bottleneck | None) -> dict[str, Cell]:
    stage, recent, usual = (told.stage, told.recent, told.usual) if told else (None, None, None)
    return {"bottleneck": stage, "bottleneck_share_pct": recent, "usual_share_pct": usual}
