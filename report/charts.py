"""Charts as plain SVG inside the page: drawn here once, so that the page needs no script and fetches nothing.

One small chart a measure and group, one line a team; colours are `currentColor` where they can be, so that the page's
light and dark follow. A withheld value is a gap in a line, never a zero.
"""

from __future__ import annotations

import html
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

WIDTH, HEIGHT, LABELS = 330, 150, 130
STEPS = (0.1, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000)
PALETTE = ("#0b84c4", "#e07b00", "#149c78", "#c9559d", "#8a63d2", "#b59b00", "#3fa7d6", "#d1495b", "#6a994e", "#a0705a")
REST = "#8d8d8d"
INK = {"labelColor": "currentColor", "titleColor": "currentColor", "tickColor": "currentColor"}
FONT = "system-ui, sans-serif"


@dataclass(frozen=True, slots=True)
class Line:
    """One unit's values over the periods; None is a gap."""

    name: str
    colour: str
    is_rest: bool
    values: Mapping[date, float | None]


@dataclass(frozen=True, slots=True)
class Pair:
    """One unit's two durations, in hours."""

    name: str
    cycle: float
    lead: float


@dataclass(frozen=True, slots=True)
class Bar:
    """One unit's shares in per cent, by name; together 100."""

    name: str
    shares: Mapping[str, float]


def lines(title: str, series: Sequence[Line], periods: Sequence[date], top: float) -> str:
    """Lines over time, all charts of a measure on the same scale."""
    import altair as alt

    values = [
        {"at": start.isoformat(), "unit": number, "value": line.values.get(start), "rest": line.is_rest}
        for number, line in enumerate(series)
        for start in periods
    ]
    colours = alt.Scale(domain=list(range(len(series))), range=[line.colour for line in series])
    chart = (
        alt.Chart({"values": values})
        .mark_line(point={"size": 18, "filled": True}, strokeWidth=2)
        .encode(
            x=alt.X(
                "at:T", title=None, scale=alt.Scale(type="utc"), axis=alt.Axis(format="%b %y", tickCount=4, grid=False)
            ),
            y=alt.Y(
                "value:Q",
                title=None,
                scale=alt.Scale(domain=[0, top]),
                axis=alt.Axis(tickCount=4, format="~s", minExtent=26),
            ),
            color=alt.Color("unit:N", legend=None, scale=colours),
            strokeDash=alt.StrokeDash(
                "rest:N", legend=None, scale=alt.Scale(domain=[False, True], range=[[1, 0], [4, 3]])
            ),
        )
        .properties(width=WIDTH, height=HEIGHT)
    )
    return _svg(chart.to_dict(validate=False), title)


def pairs(title: str, found: Sequence[Pair], ends: tuple[float, float]) -> str:
    """Cycle time and lead time side by side, a row a unit, on a scale of ratios."""
    import altair as alt

    rules = [{"unit": one.name, "from": min(one.cycle, one.lead), "to": max(one.cycle, one.lead)} for one in found]
    dots = [
        {"unit": one.name, "hours": hours, "what": what}
        for one in found
        for what, hours in (("Cycle time", one.cycle), ("Lead time", one.lead))
    ]
    order = [one.name for one in found]
    unit = alt.Y(
        "unit:N",
        title=None,
        sort=order,
        axis=alt.Axis(labelLimit=LABELS - 4, minExtent=LABELS, ticks=False, domain=False),
    )
    ticks = [step for step in STEPS if ends[0] <= step <= ends[1]]
    axis = alt.Axis(values=ticks, format="d", title="hours, on a scale of ratios")
    across = alt.X(
        "from:Q", scale=alt.Scale(type="log", domain=[ends[0] / 1.15, ends[1] * 1.15], nice=False), axis=axis
    )
    colours = alt.Scale(domain=["Cycle time", "Lead time"], range=list(PALETTE[:2]))
    what = alt.Color("what:N", legend=None, scale=colours)
    rule = alt.Chart({"values": rules}).mark_rule(strokeWidth=2, color=REST, opacity=0.6)
    dot = alt.Chart({"values": dots}).mark_circle(size=70, opacity=1)
    both = rule.encode(y=unit, x=across, x2="to:Q") + dot.encode(y=unit, x=alt.X("hours:Q"), color=what)
    return _svg(both.properties(width=WIDTH - LABELS, height=22 * len(found)).to_dict(validate=False), title)


def bars(title: str, found: Sequence[Bar], colours: Mapping[str, str]) -> str:
    """Shares that add to 100, a bar a unit, in the order of the colours."""
    import altair as alt

    names = list(colours)
    values = [
        {"unit": bar.name, "what": what, "share": share, "place": names.index(what)}
        for bar in found
        for what, share in bar.shares.items()
    ]
    unit = alt.Y(
        "unit:N",
        title=None,
        sort=[bar.name for bar in found],
        axis=alt.Axis(labelLimit=LABELS - 4, minExtent=LABELS, ticks=False, domain=False),
    )
    across = alt.X("share:Q", scale=alt.Scale(domain=[0, 100]), axis=alt.Axis(title="percent", tickCount=4, grid=False))
    colour = alt.Color("what:N", legend=None, scale=alt.Scale(domain=names, range=list(colours.values())))
    chart = alt.Chart({"values": values}).mark_bar(height=12).encode(y=unit, x=across, color=colour, order="place:Q")
    return _svg(chart.properties(width=WIDTH - LABELS, height=22 * len(found)).to_dict(validate=False), title)


def ends_of(hours: Sequence[float]) -> tuple[float, float]:
    """The ends of a common scale of ratios: the round steps around all values."""
    low = max((step for step in STEPS if step <= min(hours)), default=0.1)
    high = min((step for step in STEPS if step >= max(hours)), default=10_000)
    return (low, high) if low < high else (low, low * 10)


def _svg(spec: dict[str, Any], title: str) -> str:
    import vl_convert

    spec["config"] = {
        "padding": {"left": 10, "top": 8, "right": 14, "bottom": 4},
        "background": None,
        "font": FONT,
        "view": {"stroke": None},
        "axis": INK | {"labelFontSize": 11, "gridColor": "currentColor", "gridOpacity": 0.15, "domainOpacity": 0.3}
        | {"domainColor": "currentColor", "tickOpacity": 0.3, "titleFontWeight": "normal"},
    }  # fmt: skip
    drawn: str = vl_convert.vegalite_to_svg(spec)
    told = f"<title>{html.escape(title)}</title>"
    drawn = re.sub(r' (width|height)="[\d.]+"', "", drawn[: drawn.index(">")], count=2) + drawn[drawn.index(">") :]
    drawn = re.sub(r' aria-[a-z]+="[^"]*"| role="[^"]*"', "", drawn)
    return drawn.replace("<svg ", '<svg role="img" ', 1).replace(">", ">" + told, 1)
