"""What a published number says: that some people together did so much, give or take half of the rounding base.

An atom's number speaks of the atom's people. A parent's number that is the sum of its atoms' published numbers says
nothing more than they do: the sets are disjoint and the margins add up, so it is left out of the programs, and that it
*is* this sum is checked here, number by number. Any other number is taken at its most telling: as a rounded sum of its
own over all people below the unit, or as an exact one where it is no multiple of the base. A number that none of this
explains is a finding: nobody knows what it tells.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from expectations.attacker.knowledge import UNIT, Question, Release


@dataclass(frozen=True, slots=True)
class Reading:
    """These teams' people together did at least `low` and at most `high` hundredths."""

    teams: frozenset[str]
    low: int
    high: int


def readings(question: Question) -> tuple[frozenset[Reading], int]:
    """What all releases of a column and period say, and how many numbers nothing explains."""
    found: set[Reading] = set()
    unexplained = 0
    for release in question.releases:
        for unit, value in release.values.items():
            if _adds_nothing(question, release, unit):
                continue
            reading = next(_explanations(question, release, unit, value), None)
            if reading is None:
                unexplained += 1
            else:
                found.add(reading)
    return frozenset(found), unexplained


def _adds_nothing(question: Question, release: Release, unit: str) -> bool:
    """Whether a unit that is no atom shows exactly the sum of the disjoint atoms below it."""
    if unit in release.atoms:
        return False
    below = question.below.get(unit, frozenset())
    inside = [atom for atom, teams in release.atoms.items() if teams <= below]
    disjoint = sum(len(release.atoms[atom]) for atom in inside) == len(
        frozenset[str]().union(*(release.atoms[atom] for atom in inside))
    )
    shown = [release.values.get(atom) for atom in inside]
    return disjoint and bool(shown) and None not in shown and sum(filter(None, shown)) == release.values[unit]


def _explanations(question: Question, release: Release, unit: str, value: float) -> Iterator[Reading]:
    """The readings that the truth agrees with, the likeliest first."""
    if question.clip is None:
        return
    amount = round(value * UNIT)
    margin = question.base // 2 if amount % question.base == 0 and value == amount / UNIT else 0
    below = question.below.get(unit, frozenset())
    inside = [teams for teams in release.atoms.values() if teams <= below]
    for teams in (release.atoms.get(unit), below, frozenset[str]().union(*inside)):
        if teams and abs(truth(question, teams) - amount) <= margin:
            yield Reading(teams, amount - margin, amount + margin)


def truth(question: Question, teams: frozenset[str]) -> int:
    """What the people of these teams did, in hundredths."""
    people = frozenset[str]().union(*(question.rosters.get(team, frozenset()) for team in teams))
    return sum(question.done.get(person, 0) for person in people)
