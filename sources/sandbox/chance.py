"""Chance with a memory: an independent stream of random numbers for every entity, so that history is prefix-stable.

Nothing draws from a shared stream: what one person does next week never shifts what another did last week.
"""

from __future__ import annotations

import hashlib
import math
from datetime import date, datetime, time, timedelta
from random import Random

DAY = timedelta(days=1)
WEEK = timedelta(days=7)


def stream(*parts: object) -> Random:
    """The random stream of one entity."""
    return Random("\0".join(map(str, parts)))


def token(length: int, *parts: object) -> str:
    """A hexadecimal name of an entity, the same whenever asked."""
    text = "\0".join(map(str, parts)).encode()
    return hashlib.sha256(text).hexdigest()[:length]


def number(digits: int, *parts: object) -> int:
    """A number of exactly so many digits that belongs to an entity."""
    low = int(10 ** (digits - 1))
    return low + int(token(24, *parts), 16) % (9 * low)


def poisson(rng: Random, mean: float) -> int:
    """How many events happen when so many are expected."""
    limit, product, count = math.exp(-mean), rng.random(), 0
    while product > limit:
        product *= rng.random()
        count += 1
    return count


def hours(rng: Random, median: float, spread: float = 1.0) -> timedelta:
    """A log-normal duration in whole seconds, at least one minute."""
    return timedelta(seconds=max(60, int(3600 * median * math.exp(rng.gauss(0, spread)))))


def midnight(day: date) -> datetime:
    """The first moment of a day, UTC."""
    return datetime.combine(day, time.min)


def work_time(rng: Random, monday: date) -> datetime:
    """A moment of a working week; a weekend now and then."""
    day = rng.choices(range(7), (20, 21, 21, 20, 15, 1.5, 1.5))[0]
    second = int(rng.triangular(7 * 3600, 19 * 3600, 13 * 3600))
    return midnight(monday + DAY * day) + timedelta(seconds=second)


def monday(day: date) -> date:
    """The Monday of a day's ISO week."""
    return day - DAY * day.weekday()


def block_start(day: date) -> date:
    """The first day of a day's block: four ISO weeks, W01 to W04 and so on; W53 joins the last."""
    year, week, _ = day.isocalendar()
    return date.fromisocalendar(year, min((week - 1) // 4, 12) * 4 + 1, 1)


def next_block(start: date) -> date:
    """The block after the one that begins on `start`."""
    after = start + WEEK * 4
    return after if block_start(after) == after else after + WEEK


def blocks_after(start: date, count: int) -> date:
    """The first day of the block so many blocks after the one that begins on `start`."""
    for _ in range(count):
        start = next_block(start)
    return start


def season(day: date) -> float:
    """How much is done in a week, compared with a common one: hardly anything around the turn of the year."""
    if (day.month, day.day) >= (12, 18) or (day.month, day.day) <= (1, 3):
        return 0.08
    return 0.75 if day.month == 8 else 1.0
