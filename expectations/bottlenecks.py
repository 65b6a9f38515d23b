"""What holds a unit up: one stage of its cycle time, or none, told from published shares alone.

A stage holds a unit up where its share has risen above what is usual for that unit and stays there: the mean of the
last three periods lies at least four points and 1.8 standard errors above the mean of up to thirteen before them, now
and a period ago. Of several stages the one that is largest times clearest is named.

Means, not medians: shares come in steps of five, so that the median of a quiet team moves in steps of five too, and its
MAD is nought or five, while the mean of several rounded values tells less than a step. Validated on planted slow stages
(benchmarks/bottlenecks.py). Nothing goes in but what was published: whatever is found here, any reader can find.

Exact, in fractions: `team_bottlenecks` is worked out by dbt in whole numbers, and a tie falls the same way there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

NONE = "none"
RECENT = 3  # periods
FEWEST = 2  # of them, that have to show the stage
EARLIER = 13  # periods that tell what is usual
ENOUGH = 6  # of them, that have to show the stage
WINDOW = RECENT + EARLIER + 1  # periods that a finding rests on: those, as they lie now and a period ago
RISE = 4  # points
CLEAR = Fraction(9, 5)  # standard errors
NOISE = Fraction(5, 2)  # points: half a step, which rounding alone makes

Shares = Mapping[str, int | None]


@dataclass(frozen=True, slots=True)
class Rise:
    """How far the share of a stage lies above what is usual."""

    recent: Fraction
    usual: Fraction
    variance: Fraction  # of the difference of both means

    @property
    def is_clear(self) -> bool:
        """Whether it is more than chance and rounding."""
        higher = self.recent - self.usual
        return higher >= RISE and higher**2 >= CLEAR**2 * self.variance

    @property
    def weight(self) -> float:
        """Large times clear, squared; comparable between the stages of a unit."""
        return float((self.recent * (self.recent - self.usual)) ** 2 / self.variance)


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The stage that holds a unit up, or NONE; with its share of late and its usual one, to the point."""

    stage: str
    recent: int | None = None
    usual: int | None = None


def bottleneck(history: Sequence[Shares]) -> Bottleneck | None:
    """What holds a unit up at the end of its history, one entry a period; None where too little is shown."""
    found: dict[str, Rise] = {}
    known = False
    for stage in history[-1] if history else ():
        now, before = rise(history, stage), rise(history[:-1], stage)
        if now and before:
            known = True
            if now.is_clear and before.is_clear:
                found[stage] = now
    if found:
        stage = max(found, key=lambda one: (found[one].weight, one))
        return Bottleneck(stage, _to_the_point(found[stage].recent), _to_the_point(found[stage].usual))
    return Bottleneck(NONE) if known else None


def held_up(history: Sequence[Shares]) -> list[str | None]:
    """By period of one unit, oldest first: the stage that holds it up, NONE, or None where too little is shown."""
    told = (bottleneck(history[: at + 1]) for at in range(len(history)))
    return [one.stage if one else None for one in told]


def rise(history: Sequence[Shares], stage: str) -> Rise | None:
    """The rise of a stage at the end of a history; None where too little of it is shown."""
    recent = _known(history[-RECENT:], stage)
    usual = _known(history[:-RECENT][-EARLIER:], stage)
    if not history or history[-1].get(stage) is None or len(recent) < FEWEST or len(usual) < ENOUGH:
        return None
    count = len(usual)
    spread = Fraction(count * sum(share * share for share in usual) - sum(usual) ** 2, count * count)
    variance = max(spread, NOISE**2) * Fraction(len(recent) + count, len(recent) * count)
    return Rise(Fraction(sum(recent), len(recent)), Fraction(sum(usual), count), variance)


def _known(history: Sequence[Shares], stage: str) -> list[int]:
    return [share for one in history if (share := one.get(stage)) is not None]


def _to_the_point(mean: Fraction) -> int:
    """The nearest whole number; a half upwards."""
    return (2 * mean.numerator + mean.denominator) // (2 * mean.denominator)
