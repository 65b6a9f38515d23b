"""Where the cycle time goes: the shares of its stages, a bar a unit, in the newest period that has any."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from report.charts import PALETTE, REST, Bar, bars
from report.sections import Panel, span

if TYPE_CHECKING:
    from datetime import date

    from report.reading import Published, Unit

TABLE = "team_delivery"
NAMES = {
    "coding_share_pct": "Coding",
    "pickup_share_pct": "Waiting for a first review",
    "review_share_pct": "In review",
    "merge_wait_share_pct": "Approved, waiting for the merge",
    "unreviewed_wait_share_pct": "Open, never reviewed",
    "unapproved_review_share_pct": "Reviewed, never approved",
    "other_stages_share_pct": "Other stages together",
}
COLOURS = dict(zip(NAMES.values(), (*PALETTE[: len(NAMES) - 1], REST), strict=True))


@dataclass(frozen=True, slots=True)
class Stages:
    """The bars of one period, a panel a group, and what the colours mean."""

    period: str
    panels: tuple[Panel, ...]
    legend: tuple[tuple[str, str], ...]


def stages(found: Published) -> Stages | None:
    """The newest period in which some unit shows its stages; None where there is none."""
    shown = {(row.period_start, row.unit_id): row.shares for row in found.rows.get(TABLE, []) if row.shares}
    if not shown:
        return None
    period = max(start for start, _ in shown)
    panels = []
    for group in found.groups():
        drawn = [bar for unit in [group, *found.series(group)] if (bar := _bar(unit, period, shown))]
        if drawn:
            panels.append(Panel(group.name, bars(f"Shares of the cycle time in {group.name}", drawn, COLOURS)))
    seen = {NAMES[column] for (start, _), shares in shown.items() if start == period for column in shares}
    return Stages(span(found, period), tuple(panels), tuple((n, c) for n, c in COLOURS.items() if n in seen))


@dataclass(frozen=True, slots=True)
class Held:
    """A unit that one stage holds up: its share of late, and what is usual."""

    unit: str
    stage: str
    recent: int | None
    usual: int | None


def held(found: Published) -> list[Held]:
    """The teams and groups that a stage holds up in the newest period, as published."""
    newest = max((one.period_start for one in found.bottlenecks), default=None)
    told = {one.unit_id: one for one in found.bottlenecks if one.period_start == newest}
    shown = []
    for group in found.groups():
        for unit in (group, *(one for one in found.series(group) if one.level == "team")):
            one = told.get(unit.unit_id)
            name = NAMES.get(f"{one.stage}_share_pct") if one else None
            if one and name:
                shown.append(Held(unit.name, name, one.recent, one.usual))
    return shown


def _bar(unit: Unit, period: date, shown: dict[tuple[date, str], dict[str, float]]) -> Bar | None:
    shares = shown.get((period, unit.unit_id))
    if shares is None:
        return None
    name = {"group": "all teams", "rest": "other teams together"}.get(unit.level, unit.name)
    return Bar(name, {NAMES[column]: share for column, share in shares.items()})
