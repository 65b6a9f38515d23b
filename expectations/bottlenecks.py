"""What holds a unit up: one stage of its cycle time, or none, told from published values alone.

A stage holds a unit up where it takes longer than is usual for that unit, and more of the whole, and stays so: the
hours of it in a typical change (its share of the median cycle time) are half as many again in the last three periods
as in up to thirteen before them, and its share is three points higher; in the mean, now and a period ago. Of several
stages the one whose share has risen most is named.

Both are needed. By its share alone a stage is not found that takes most of the cycle anyway, nor one whose hours are
clipped; by its hours alone every stage seems slow as soon as one is. Means, not medians: shares come in steps of five,
so that the median of a quiet team moves in steps of five too, while the mean of several tells less than a step.
Validated on planted slow stages (benchmarks/bottlenecks.py). Nothing goes in but what was published: whatever is found
here, any reader can find.

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
RISE = 3  # points
LONGER = Fraction(3, 2)  # times the usual hours


@dataclass(frozen=True, slots=True)
class Period:
    """What a period shows of a unit: the share of each stage in percent, and the median cycle time in hours."""

    shares: Mapping[str, int | None]
    hours: float | None


@dataclass(frozen=True, slots=True)
class Rise:
    """The share of a stage, and the hours of it in a typical change times hundred: of late, and as usual."""

    share: Fraction
    usual_share: Fraction
    hours: Fraction
    usual_hours: Fraction

    @property
    def points(self) -> Fraction:
        """How far the share lies above the usual one."""
        return self.share - self.usual_share

    @property
    def is_clear(self) -> bool:
        """Whether it is more than chance and rounding."""
        return self.points >= RISE and self.hours >= LONGER * self.usual_hours


@dataclass(frozen=True, slots=True)
class Bottleneck:
    """The stage that holds a unit up, or NONE; with its share of late and its usual one, to the point."""

    stage: str
    recent: int | None = None
    usual: int | None = None


def bottleneck(history: Sequence[Period]) -> Bottleneck | None:
    """What holds a unit up at the end of its history, one entry a period; None where too little is shown."""
    found: dict[str, Rise] = {}
    known = False
    for stage in history[-1].shares if history else ():
        now, before = rise(history, stage), rise(history[:-1], stage)
        if now and before:
            known = True
            if now.is_clear and before.is_clear:
                found[stage] = now
    if found:
        stage = max(found, key=lambda one: (float(found[one].points), one))
        return Bottleneck(stage, _to_the_point(found[stage].share), _to_the_point(found[stage].usual_share))
    return Bottleneck(NONE) if known else None


def held_up(history: Sequence[Period]) -> list[str | None]:
    """By period of one unit, oldest first: the stage that holds it up, NONE, or None where too little is shown."""
    told = (bottleneck(history[: at + 1]) for at in range(len(history)))
    return [one.stage if one else None for one in told]


def rise(history: Sequence[Period], stage: str) -> Rise | None:
    """The rise of a stage at the end of a history; None where too little of it is shown."""
    recent, usual = _known(history[-RECENT:], stage), _known(history[:-RECENT][-EARLIER:], stage)
    if not _known(history[-1:], stage) or len(recent) < FEWEST or len(usual) < ENOUGH:
        return None
    shares, hours = zip(*recent, strict=True)
    usual_shares, usual_hours = zip(*usual, strict=True)
    return Rise(_mean(shares), _mean(usual_shares), _mean(hours), _mean(usual_hours))


def _known(history: Sequence[Period], stage: str) -> list[tuple[Fraction, Fraction]]:
    """Share and hours of a stage in the periods that show both."""
    return [
        (Fraction(share), share * _exact(one.hours))
        for one in history
        if (share := one.shares.get(stage)) is not None and one.hours is not None
    ]


def _exact(hours: float) -> Fraction:
    """A step of the ladder, which has thousandths at most."""
    return Fraction(round(1000 * hours), 1000)


def _mean(values: Sequence[Fraction]) -> Fraction:
    return sum(values, Fraction()) / len(values)


def _to_the_point(mean: Fraction) -> int:
    """The nearest whole number; a half upwards."""
    return (2 * mean.numerator + mean.denominator) // (2 * mean.denominator)
