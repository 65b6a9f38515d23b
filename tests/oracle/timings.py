"""Percentiles and rates of events: when an atom shows its own, and what a unit above shows."""

from collections import Counter
from fractions import Fraction

from tests.oracle.model import Event, Timing
from tests.oracle.numbers import half_even, is_even_handed, nearest_rank, snapped
from tests.oracle.partition import K

EVENTS = {"p50": 10, "p75": 20, "p90": 50, "rate": 20}
QUANTILES = {"p50": Fraction(1, 2), "p75": Fraction(3, 4), "p90": Fraction(9, 10)}


def may_show(timing: Timing, events: list[Event], rounded: int) -> bool:
    """Whether an atom with these events, so many by its rounded count, shows the measure."""
    if rounded < EVENTS[timing.kind]:
        return False
    if timing.kind == "rate":
        return both_sides_hold(timing, events)
    timed = [event for event in events if timing.seconds(event) is not None]
    return bool(timed) and all(shows_no_one(timing, timed, role) for role in timing.roles)


def shows_no_one(timing: Timing, events: list[Event], role: str) -> bool:
    value = nearest_rank([timing.seconds(event) or 0 for event in events], QUANTILES[timing.kind])
    carried = [event for event in events if role in event.roles]
    people = Counter(event.roles[role] for event in carried)
    low = {event.roles[role] for event in carried if (timing.seconds(event) or 0) <= value}
    high = {event.roles[role] for event in carried if (timing.seconds(event) or 0) >= value}
    sides = [len(high)] if timing.kind != "p50" else [len(low), len(high)]
    return not carried or (len(people) >= K and min(sides) >= 3 and 2 * max(people.values()) <= len(carried))


def both_sides_hold(timing: Timing, events: list[Event]) -> bool:
    for role in timing.roles:
        for side in (True, False):
            people = Counter(event.roles[role] for event in events if timing.hit(event) is side and role in event.roles)
            exempt = not people and role != timing.roles[0]
            if not exempt and not is_even_handed(people.values(), 4):
                return False
    return True


def pooled(timing: Timing, events: list[Event]) -> float | int:
    """The value that these events show together."""
    if timing.kind != "rate":
        seconds = [taken for event in events if (taken := timing.seconds(event)) is not None]
        return snapped(nearest_rank(seconds, QUANTILES[timing.kind]), timing.unit)
    hits = [hit for event in events if (hit := timing.hit(event)) is not None]
    return min(95, max(5, half_even(Fraction(100 * sum(hits), len(hits)), 5)))
