"""What a roster is made of before it is checked, and its problems: told by row number and kind, never by a value.

No row shows its content when printed; a unit shows its id, which is published anyway.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from sources.errors import SourceError

SHOWN = 20


class Kind(StrEnum):
    """All kinds of problem and warning."""

    BAD_UTF8 = "not UTF-8"
    MALFORMED = "not of the documented form"
    UNKNOWN_KEY = "unknown key"
    TWICE_KEY = "key given twice"
    MISSING = "something required is missing"
    BAD_DATE = "not a date (YYYY-MM-DD)"
    EMPTY_SPAN = "`from` is not before `to`"
    BAD_ID = "unit id is not of [a-z0-9][a-z0-9-]{0,62}, or reserved"
    UNIT_TWICE = "unit listed twice"
    TWO_PARENTS = "unit with two parents"
    LEVEL_CLASH = "unit id used on two levels"
    UNKNOWN_PARENT = "unknown parent unit"
    CYCLE = "units form a cycle"
    TEAM_ON_ORGANISATION = "team directly on the organisation"
    WRONG_PARENT = "parent is not a unit of a level above"
    TOO_DEEP = "groups nest deeper than `depth` in quorum.yaml says"
    ONE_ORGANISATION = "not exactly one organisation"
    UNIT_OUTSIDE_PARENT = "unit exists when the one above it does not"
    UNKNOWN_TEAM = "unknown team"
    ON_ORGANISATION = "person placed on the organisation"
    OVERLAP = "overlapping memberships"
    NOBODY = "neither a person id nor an account"
    PERSON_TWICE = "person listed twice"
    DUPLICATE_ACCOUNT = "account under two persons"
    GAP = "gap between memberships"
    OUTSIDE_UNIT = "membership outside the unit's time"


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One problem: where, and of which kind. `part` is `units` or `people` where the roster is two files."""

    part: str
    row: int
    kind: Kind

    def __str__(self) -> str:
        return f"{self.part + ' ' if self.part else ''}row {self.row}: {self.kind}"


class RosterError(SourceError):
    """The roster cannot be used."""

    advice = "Repair these rows of the roster; nothing was read from it."

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        lines = [str(problem) for problem in self.problems[:SHOWN]]
        more = len(self.problems) - len(lines)
        rest = f"; and {more} more" if more else ""
        super().__init__(f"The roster has problems: {'; '.join(lines)}{rest}")


@dataclass(frozen=True, slots=True)
class UnitRow:
    """A unit as it stands in the roster; `level` is org, group or team."""

    row: int
    unit: str
    parent: str | None
    level: str
    name: str = field(repr=False)
    start: date | None
    end: date | None


@dataclass(frozen=True, slots=True, repr=False)
class MemberRow:
    """One person on one unit for a time; `end` is exclusive."""

    row: int
    person: str
    unit: str
    start: date
    end: date | None


@dataclass(frozen=True, slots=True, repr=False)
class AccountRow:
    """One account of one person."""

    row: int
    person: str
    space: str
    account: str


@dataclass(slots=True, repr=False)
class Draft:
    """A roster as read, not yet checked as a whole."""

    units: list[UnitRow] = field(default_factory=list)
    members: list[MemberRow] = field(default_factory=list)
    accounts: list[AccountRow] = field(default_factory=list)
    names: set[str] = field(default_factory=set)
    problems: list[Problem] = field(default_factory=list)
    unit_part: str = ""
    people_part: str = ""
