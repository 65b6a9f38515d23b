"""What can be wrong with a roster as a whole: its tree, who stands where and when, whose accounts are whose.

A roster with a problem is refused, with all problems at once. A warning (a gap, a place outside a unit's time) does not
stop it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from datetime import date

from sources.minimise import fold
from sources.roster_rows import AccountRow, Draft, Kind, MemberRow, Problem, UnitRow

UNIT_ID = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
RESERVED = {"org", "rest"}  # `rest:org` is a row of the published tables


def problems(draft: Draft, depth: int) -> Iterator[Problem]:
    """Everything that forbids the use of this roster, where groups may nest so deep."""
    for row, kind in _units(draft.units, depth):
        yield Problem(draft.unit_part, row, kind)
    for row, kind in (*_places(draft), *_accounts(draft.accounts)):
        yield Problem(draft.people_part, row, kind)


def warnings(draft: Draft) -> Iterator[Problem]:
    """What is worth a look, but no error: time in no team between two teams, places outside a unit's time."""
    units = {unit.unit: unit for unit in draft.units}
    for places in _by_person(draft.members):
        for before, after in zip(places, places[1:], strict=False):
            if before.end is not None and before.end < after.start:
                yield Problem(draft.people_part, after.row, Kind.GAP)
    for place in draft.members:
        unit = units[place.unit]
        if not _within(place.start, place.end, unit):
            yield Problem(draft.people_part, place.row, Kind.OUTSIDE_UNIT)


def _within(start: date | None, end: date | None, unit: UnitRow) -> bool:
    """Whether a span lies in the unit's time."""
    begins = (start or date.min) >= (unit.start or date.min)
    return begins and (end or date.max) <= (unit.end or date.max)


def _by_person(members: list[MemberRow]) -> Iterator[list[MemberRow]]:
    """The memberships of each person, by their start."""
    places: dict[str, list[MemberRow]] = defaultdict(list)
    for member in members:
        places[member.person].append(member)
    for mine in places.values():
        yield sorted(mine, key=lambda place: (place.start, place.row))


def _units(units: list[UnitRow], depth: int) -> Iterator[tuple[int, Kind]]:
    """Problems of the tree."""
    seen: dict[str, UnitRow] = {}
    tops = [unit for unit in units if unit.level == "org"]
    if len(tops) != 1:
        yield (tops[1].row if tops else 1), Kind.ONE_ORGANISATION
    for unit in units:
        if not UNIT_ID.fullmatch(unit.unit) or (unit.unit in RESERVED and unit.level != "org"):
            yield unit.row, Kind.BAD_ID
        if unit.start and unit.end and unit.start >= unit.end:
            yield unit.row, Kind.EMPTY_SPAN
        twin = seen.setdefault(unit.unit, unit)
        if twin is not unit:
            same = twin.parent == unit.parent
            yield (
                unit.row,
                Kind.LEVEL_CLASH if twin.level != unit.level else Kind.UNIT_TWICE if same else Kind.TWO_PARENTS,
            )
    for unit in units:
        yield from ((unit.row, kind) for kind in _parent(unit, seen, depth))


def _parent(unit: UnitRow, known: dict[str, UnitRow], depth: int) -> Iterator[Kind]:
    """Problems of a unit's place under its parent."""
    if unit.level == "org":
        if unit.parent:
            yield Kind.WRONG_PARENT
        return
    parent = known.get(unit.parent or "")
    if parent is None:
        yield Kind.UNKNOWN_PARENT
    elif _circles(unit, known):
        yield Kind.CYCLE
    elif unit.level == "team" and parent.level == "org":
        yield Kind.TEAM_ON_ORGANISATION
    elif parent.level == "team":
        yield Kind.WRONG_PARENT
    elif unit.level == "group" and _groups_above(unit, known) >= depth:
        yield Kind.TOO_DEEP
    elif not _within(unit.start, unit.end, parent):
        yield Kind.UNIT_OUTSIDE_PARENT


def _groups_above(unit: UnitRow, known: dict[str, UnitRow]) -> int:
    """How many groups a unit lies in; the way up does not circle."""
    above = known.get(unit.parent or "")
    return 0 if above is None or above.level != "group" else 1 + _groups_above(above, known)


def _circles(unit: UnitRow, known: dict[str, UnitRow]) -> bool:
    """Whether the way up from a unit comes back to it."""
    passed = {unit.unit}
    above = known.get(unit.parent or "")
    while above is not None:
        if above.unit in passed:
            return True
        passed.add(above.unit)
        above = known.get(above.parent or "")
    return False


def _places(draft: Draft) -> Iterator[tuple[int, Kind]]:
    """Problems of who stands where, and when."""
    levels = {unit.unit: unit.level for unit in draft.units}
    for member in draft.members:
        if member.unit not in levels:
            yield member.row, Kind.UNKNOWN_TEAM
        elif levels[member.unit] == "org":
            yield member.row, Kind.ON_ORGANISATION
        if member.end is not None and member.start >= member.end:
            yield member.row, Kind.EMPTY_SPAN
    for places in _by_person(draft.members):
        reached = date.min
        for place in places:
            if place.start < reached:
                yield place.row, Kind.OVERLAP
            reached = max(reached, place.end or date.max)


def _accounts(accounts: list[AccountRow]) -> Iterator[tuple[int, Kind]]:
    """Accounts that two persons claim; told at the later one's row."""
    owners: dict[tuple[str, str], str] = {}
    for one in accounts:
        if owners.setdefault((one.space, fold(one.account)), one.person) != one.person:
            yield one.row, Kind.DUPLICATE_ACCOUNT
