"""The clip of each person and block: nobody's quantity counts beyond a public constant of the year before.

The constant of an ISO year is the upper quartile of what persons gave in a block of the year before, raised to the next
step of a ladder; a year after too few of them has none. What the clip takes away is taken from a block's last weeks.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime

from sources.sandbox.chance import block_start, monday

CHANGE_CLIP = 1000
ENOUGH = 50
LADDER = (1, 1.25, 1.6, 2, 2.5, 3.2, 4, 5, 6.3, 8)


@dataclass(frozen=True, slots=True)
class Given:
    """One contribution."""

    mart: str
    measure: str
    team: str
    at: datetime
    person: str
    quantity: int


def clipped(given: Iterable[Given]) -> Iterator[tuple[str, str, str, date, str, float]]:
    """Contributions by week, after the clip."""
    weeks: dict[tuple[str, str, date, str, str], dict[date, int]] = defaultdict(lambda: defaultdict(int))
    for one in given:
        block = block_start(one.at.date())
        weeks[one.mart, one.measure, block, one.team, one.person][monday(one.at.date())] += one.quantity
    clips = constants({key: sum(week.values()) for key, week in weeks.items()})
    for (mart, measure, block, team, person), by_week in weeks.items():
        clip = clips.get((mart, measure, block.isocalendar().year), math.inf)
        total = 0
        for week in sorted(by_week):
            before, total = min(total, clip), total + by_week[week]
            yield mart, measure, team, week, person, float(min(total, clip) - before)


def totals(given: Iterable[Given]) -> Iterator[tuple[str, str, date, str, str, int]]:
    """What each person gave in a week, before that clip: what the constants are made from."""
    found: dict[tuple[str, str, date, str, str], int] = defaultdict(int)
    for one in given:
        found[one.mart, one.measure, monday(one.at.date()), one.team, one.person] += one.quantity
    for key, quantity in found.items():
        yield (*key, quantity)


def constants(totals: dict[tuple[str, str, date, str, str], int]) -> dict[tuple[str, str, int], float]:
    """The clip of each quantity in each ISO year that has one."""
    seen: dict[tuple[str, str, int], list[int]] = defaultdict(list)
    for (mart, measure, block, _team, _person), total in totals.items():
        if total > 0:
            seen[mart, measure, block.isocalendar().year + 1].append(total)
    return {
        key: step(sorted(found)[math.ceil(0.75 * len(found)) - 1])
        for key, found in seen.items()
        if len(found) >= ENOUGH
    }


def step(value: float) -> float:
    """The smallest step of the ladder that is no less."""
    scale = 1
    while value > LADDER[-1] * scale:
        scale *= 10
    return next(float(rung * scale) for rung in (*LADDER, 10) if rung * scale >= value)
