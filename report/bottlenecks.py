"""What holds a team up: one stage of its cycle time, or none, told from published shares alone.

A stage holds a team up where its share has risen above what is usual for that team and stays there: the mean of the
last three periods lies at least four points and 1.8 standard errors above the mean of up to thirteen before them, now
and a period ago. Of several stages the one that is largest times clearest is named.

Means, not medians: shares come in steps of five, so that the median of a quiet team moves in steps of five too, and its
MAD is nought or five, while the mean of several rounded values tells less than a step. Validated on planted slow stages
(benchmarks/bottlenecks.py). Nothing goes in but what was published: whatever is found here, any reader can find.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, pstdev

NONE = "none"
RECENT = 3  # periods
FEWEST = 2  # of them, that have to show the stage
EARLIER = 13  # periods that tell what is usual
ENOUGH = 6  # of them, that have to show the stage
RISE = 4.0  # points
CLEAR = 1.8  # standard errors
NOISE = 2.5  # points: half a step, which rounding alone makes

Shares = Mapping[str, float | None]


@dataclass(frozen=True, slots=True)
class Rise:
    """How far the share of a stage lies above what is usual."""

    recent: float
    usual: float
    errors: float  # standard errors

    @property
    def is_clear(self) -> bool:
        """Whether it is more than chance and rounding."""
        return self.recent - self.usual >= RISE and self.errors >= CLEAR


def held_up(history: Sequence[Shares]) -> list[str | None]:
    """By period of one unit, oldest first: the stage that holds it up, NONE, or None where too little is shown."""
    return [_told(history[: at + 1]) for at in range(len(history))]


def rise(history: Sequence[Shares], stage: str) -> Rise | None:
    """The rise of a stage at the end of a history; None where too little of it is shown."""
    recent = _known(history[-RECENT:], stage)
    usual = _known(history[:-RECENT][-EARLIER:], stage)
    if not history or history[-1].get(stage) is None or len(recent) < FEWEST or len(usual) < ENOUGH:
        return None
    error = max(pstdev(usual), NOISE) * math.sqrt(1 / len(recent) + 1 / len(usual))
    return Rise(fmean(recent), fmean(usual), (fmean(recent) - fmean(usual)) / error)


def _told(history: Sequence[Shares]) -> str | None:
    found: dict[str, float] = {}
    known = False
    for stage in history[-1]:
        now, before = rise(history, stage), rise(history[:-1], stage)
        if now and before:
            known = True
            if now.is_clear and before.is_clear:
                found[stage] = now.recent * now.errors
    if found:
        return max(found, key=lambda stage: (found[stage], stage))
    return NONE if known else None


def _known(history: Sequence[Shares], stage: str) -> list[float]:
    return [share for one in history if (share := one.get(stage)) is not None]
