"""Round numbers: the ladder of ratio 1.25, the clip and the base; all in whole numbers, so no tie is a matter of luck.

Clips are kept in hundredths (the ladder's finest step is 1.25), durations in seconds, sizes in lines. An exact value is
the fingerprint of one contribution; a value on the ladder is not.
"""

from math import isqrt

STEPS = (100, 125, 160, 200, 250, 320, 400, 500, 630, 800)
BASE_STEPS = (10, 25, 50)
UNITS = {"hours": (3600, 100), "minutes": (60, 100), "lines": (1, 1000)}
"""Of each unit that stands on the ladder: how much of an amount it is, and its first step, in thousandths."""
HIGHEST = 10**7
SMALLEST_BASE = 5


def clip_hundredths(quantile: int) -> int:
    """The smallest ladder value at or above a person's quantile, in hundredths."""
    wanted, scale = quantile * 100, 1
    while True:
        for step in STEPS:
            if step * scale >= wanted:
                return step * scale
        scale *= 10


def base_for(quantile: int, least: int) -> int:
    """The rounding base: 5, 10, 25, 50, 100, 250 … at or above both a person's quantile and the policy's base."""
    wanted, scale = max(quantile, least), 1
    if wanted <= SMALLEST_BASE:
        return SMALLEST_BASE
    while True:
        for step in BASE_STEPS:
            if step * scale >= wanted:
                return step * scale
        scale *= 10


def rungs(unit: str) -> tuple[tuple[int, float], ...]:
    """(from such an amount, this many of the unit) up to 10 000 of it; a step begins at the geometric mean.

    `amount >= size * sqrt(a * b)` for neighbours a < b, with a and b in thousandths of a unit, squared:
    `10**6 * amount² >= size² * a * b`.
    """
    size, lowest = UNITS[unit]
    steps = [step * 10**power for power in range(5) for step in STEPS if lowest <= step * 10**power < HIGHEST]
    steps.append(HIGHEST)
    starts = [isqrt(-(-(size**2) * low * high // 10**6) - 1) + 1 for low, high in zip(steps, steps[1:], strict=False)]
    return tuple(zip([0, *starts], [step / 1000 for step in steps], strict=True))
