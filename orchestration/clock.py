"""The calendar: blocks of four ISO weeks, or the weeks themselves; and the clock of a night.

W01 to W04 are block 1 of an ISO year, W49 to W52 block 13; W53 joins the last. A deployment has periods of one length;
homes, trees and ages go by blocks in either. Days are those of the organisation's time zone. A clock is 00:00 UTC of a
day; it never goes back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_YEAR = 2010
WEEKS = 4
BLOCKS = 13


@dataclass(frozen=True, slots=True)
class Block:
    """One period, a block or a week of one: from a Monday to a Sunday, both inclusive."""

    period_start: date
    period_end: date
    iso_year: int
    block: int
    block_start: date


def blocks(until: date) -> Iterator[Block]:
    """All blocks that start on or before a day."""
    for year in range(FIRST_YEAR, until.year + 2):
        after = date.fromisocalendar(year + 1, 1, 1)
        for number in range(1, BLOCKS + 1):
            start = date.fromisocalendar(year, (number - 1) * WEEKS + 1, 1)
            if start > until:
                return
            end = after if number == BLOCKS else start + timedelta(weeks=WEEKS)
            yield Block(start, end - timedelta(days=1), year, number, start)


def weeks(until: date) -> Iterator[Block]:
    """All weeks that start on or before a day."""
    for block in blocks(until):
        start = block.period_start
        while start <= min(block.period_end, until):
            yield Block(start, start + timedelta(days=6), block.iso_year, block.block, block.period_start)
            start += timedelta(weeks=1)


CALENDARS = {"four_weeks": blocks, "week": weeks}
"""All periods that start on or before a day, by the length that quorum.yaml names."""


def block_of(day: date) -> Block:
    """The block that a day lies in."""
    year, week, _ = day.isocalendar()
    number = min((week - 1) // WEEKS, BLOCKS - 1)
    start = date.fromisocalendar(year, number * WEEKS + 1, 1)
    end = date.fromisocalendar(year + 1, 1, 1) if number == BLOCKS - 1 else start + timedelta(weeks=WEEKS)
    return Block(start, end - timedelta(days=1), year, number + 1, start)


def midnight(day: date) -> datetime:
    """The clock of a night: 00:00 UTC, without a zone, as the vault keeps times."""
    return datetime.combine(day, time.min)


def midnight_in(zone: str, day: date) -> datetime:
    """The moment at which a day begins in a time zone: UTC, without a zone, as the vault keeps times."""
    return datetime.combine(day, time.min, ZoneInfo(zone)).astimezone(UTC).replace(tzinfo=None)
