"""The parts of the page, as plain values for the template: numbers written out, charts drawn, teams counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from report.charts import PALETTE, REST, Line, Pair, ends_of, lines, pairs
from report.measures import MEASURES, Kind, Measure
from report.reading import Published, Row, Unit

TABLES = {
    "team_delivery": "Delivery",
    "team_code_volume": "Code volume",
    "team_review": "Reviews",
    "team_tasks": "Tasks",
    "team_wip": "Open work",
    "team_dora": "Production",
    "team_ci": "Runs of workflows",
}
CYCLE = next(one for one in MEASURES if one.column == "cycle_time_hours_p50")
LEAD = next(one for one in MEASURES if one.column == "lead_time_hours_p50")
DASH = "–"
LEAST = {
    Kind.COUNT: 1.0,
    Kind.HOURS: 1.0,
    Kind.MINUTES: 1.0,
    Kind.LINES: 10.0,
    Kind.RATE: 40.0,
}  # a scale ends here at least
UNITS = {Kind.HOURS: "h", Kind.MINUTES: "min"}
THIN = "\u202f"


@dataclass(frozen=True, slots=True)
class Tile:
    """The organisation's newest value of a measure."""

    title: str
    value: str
    before: str
    period: str


@dataclass(frozen=True, slots=True)
class Panel:
    """One small chart with its legend: names and colours."""

    group: str
    svg: str
    legend: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Section:
    """One measure, a panel a group; sparse where no row has it in a third of the periods."""

    measure: Measure
    panels: tuple[Panel, ...]
    is_sparse: bool


@dataclass(frozen=True, slots=True)
class Chapter:
    """The measures of one table: charts, and the titles of those that have too little to draw."""

    id: str
    title: str
    sections: tuple[Section, ...]
    sparse: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Flow:
    """Durations side by side in one period, a panel a group."""

    period: str
    panels: tuple[Panel, ...]


@dataclass(frozen=True, slots=True)
class Share:
    """How the teams of a table stand in its newest period."""

    table: str
    period: str
    own: int
    merged: int
    withheld: int
    together: tuple[tuple[str, str], ...]  # a row, the teams in it


def span(found: Published, start: date | None) -> str:
    """A period as people write it."""
    if start is None:
        return "none yet"
    end = found.ends.get(start, start + timedelta(days=27))
    return f"{start.day} {start:%b}{'' if start.year == end.year else f' {start.year}'} – {end.day} {end:%b %Y}"


def written(kind: Kind, value: float | None) -> str:
    """A value as the page writes it; a withheld one is a dash."""
    if value is None:
        return DASH
    if kind is Kind.RATE:
        return {5: "≤ 5 %", 95: "≥ 95 %"}.get(int(value), f"{value:.0f} %")
    if kind in UNITS:
        return f"{value:g} {UNITS[kind]}"
    return f"{value:,.7g}".replace(",", THIN)


def missing(found: Published, table: str) -> str:
    """Why a table has nothing to show, or nothing."""
    if table not in found.rows:
        return f"{TABLES[table]}: no source is connected."
    if not found.rows[table]:
        return f"{TABLES[table]}: nothing has been published yet."
    if not any(row.is_published for row in found.rows[table]):
        return f"{TABLES[table]}: all rows are withheld so far."
    return ""


def tiles(found: Published) -> list[Tile]:
    """The organisation now, beside the period before."""
    org = found.org()
    shown = []
    for measure in MEASURES if org else ():
        values = found.values(measure, org.unit_id if org else "")
        last = sorted(values, reverse=True)[:2]
        if last:
            said = [written(measure.kind, values[start]) for start in last]
            shown.append(Tile(measure.title, said[0], said[1] if len(said) > 1 else DASH, span(found, last[0])))
    return shown


def section(found: Published, measure: Measure) -> Section:
    """A measure over time."""
    series = {group: _series(found, measure, group) for group in found.groups()}
    values = [value for of in series.values() for line in of for value in line.values.values() if value is not None]
    top = max([*values, LEAST[measure.kind]])
    periods = sorted({row.period_start for row in found.rows.get(measure.table, [])})
    return Section(
        measure,
        tuple(
            Panel(
                group.name,
                lines(f"{measure.title} in {group.name}, by team and period", of, periods, top),
                tuple((line.name, line.colour) for line in of),
            )
            for group, of in series.items()
            if of
        ),
        is_sparse=3 * max((_shown(line) for of in series.values() for line in of), default=0) < len(periods),
    )


def chapters(found: Published) -> list[Chapter]:
    """What there is to show, table by table."""
    shown = []
    for table, title in TABLES.items():
        sections = [section(found, measure) for measure in MEASURES if measure.table == table]
        drawn = tuple(one for one in sections if one.panels and not one.is_sparse)
        sparse = tuple(one.measure.title for one in sections if one.panels and one.is_sparse)
        if drawn or sparse:
            shown.append(Chapter(table, title, drawn, sparse))
    return shown


def _shown(line: Line) -> int:
    return sum(value is not None for value in line.values.values())


def _series(found: Published, measure: Measure, group: Unit) -> list[Line]:
    """A unit keeps its colour from chart to chart."""
    drawn = []
    for number, unit in enumerate(found.series(group)):
        values = found.values(measure, unit.unit_id)
        is_rest = unit.level == "rest"
        if any(value is not None for value in values.values()):
            name = "Other teams together" if is_rest else unit.name
            drawn.append(Line(name, REST if is_rest else PALETTE[number % len(PALETTE)], is_rest, values))
    return drawn


def flow(found: Published) -> Flow | None:
    """Where time goes: the medians of both tables in the newest period that both have."""
    starts = [found.newest(measure.table) for measure in (CYCLE, LEAD)]
    period = min((start for start in starts if start), default=None)
    if period is None or None in starts:
        return None
    groups = {group.name: _pairs(found, [group, *found.series(group)], period) for group in found.groups()}
    hours = [one for of in groups.values() for pair in of for one in (pair.cycle, pair.lead)]
    if not hours:
        return None
    ends = ends_of(hours)
    panels = [
        Panel(name, pairs(f"Cycle time and lead time in {name}, medians in hours", of, ends))
        for name, of in groups.items()
        if of
    ]
    return Flow(span(found, period), tuple(panels))


def _pairs(found: Published, units: Sequence[Unit], period: date) -> list[Pair]:
    paired = []
    for unit in units:
        cycle, lead = (found.values(measure, unit.unit_id).get(period) for measure in (CYCLE, LEAD))
        if unit.level != "rest" and cycle is not None and lead is not None:
            paired.append(Pair("all teams" if unit.level == "group" else unit.name, cycle, lead))
    return paired


def share(found: Published, table: str) -> Share:
    """How many teams stand alone, together, or not at all."""
    newest = found.newest(table)
    rows = [row for row in found.rows[table] if row.period_start == newest]
    own = {row.unit_id: row.is_published for row in rows if _level(found, row) == "team"}
    rests = {
        found.name(unit_id): [found.name(team) for team in members]
        for (name, start, unit_id), members in sorted(found.cells.items())
        if name == table and start == newest and unit_id.startswith("rest:")
    }
    alone, merged = sum(own.values()), sum(len(members) for members in rests.values())
    together = tuple((name, ", ".join(sorted(members))) for name, members in rests.items())
    return Share(TABLES[table], span(found, newest), alone, merged, len(own) - alone - merged, together)


def _level(found: Published, row: Row) -> str:
    return found.units[row.unit_id].level if row.unit_id in found.units else ""
