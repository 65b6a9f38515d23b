"""Round numbers: the ladder of ratio 1.25, the clip and the base; all in whole numbers, so no tie is a matter of luck.

Clips are kept in hundredths (the ladder's finest step is 1.25), durations in seconds. An exact value is the
fingerprint of one contribution; a value on the ladder is not.
"""

from math import isqrt

STEPS = (100, 125, 160, 200, 250, 320, 400, 500, 630, 800)
BASE_STEPS = (10, 25, 50)
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


def hours() -> tuple[tuple[int, float], ...]:
    """(from so many seconds, this many hours) from 0.1 to 10 000 hours; a step begins at the geometric mean.

    `seconds >= 3600 * sqrt(a * b)` for neighbours a < b, with a and b in thousandths of an hour, squared:
    `100 * seconds² >= 1296 * a * b`.
    """
    rungs = [step * 10**power for power in range(5) for step in STEPS] + [10**7]
    starts = [isqrt(-(-1296 * low * high // 100) - 1) + 1 for low, high in zip(rungs, rungs[1:], strict=False)]
    return tuple(zip([0, *starts], [rung / 1000 for rung in rungs], strict=True))
