"""What a published number says: that some people together did so much, give or take half of the rounding base.

An atom's number speaks of the atom's people. A parent's number that is the sum of its atoms' published numbers says
nothing more than they do: the sets are disjoint and the margins add up, so it is left out of the programs, and that it
*is* this sum is checked here, number by number. Any other number is taken at its most telling: as a rounded sum of its
own over all people below the unit, or as an exact one where it is no multiple of the base. A number that none of this
explains is a finding: nobody knows what it tells.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from expectations.attacker.knowledge import UNIT, Question


@dataclass(frozen=True, slots=True)
class Reading:
    """These teams' people together did at least `low` and at most `high` hundredths."""

    teams: frozenset[str]
    low: int
    high: int


def readings(question: Question) -> tuple[frozenset[Reading], int]:
    """What a release says in a column and period, and how many numbers nothing explains."""
    found: set[Reading] = set()
    unexplained = 0
    for unit, value in question.release.values.items():
        if not _adds_nothing(question, unit):
            reading = next(_explanations(question, unit, value), None)
            unexplained += reading is None
            found |= {reading} if reading else set()
    return frozenset(found), unexplained


def needed(readings: frozenset[Reading]) -> frozenset[Reading]:
    """The same knowledge in fewer and smaller readings.

    What is known exactly is taken off the totals that contain it, and a total is dropped when its disjoint parts are
    told so closely that they imply it.
    """
    often = Counter(team for reading in readings for team in reading.teams)
    wide = {one for one in readings if any(often[team] > 1 for team in one.teams)}
    kept = set(readings)
    for total in sorted(wide, key=_largest_first):
        kept.discard(total)
        rest = _without(total, _parts(total, (one for one in kept & wide if one.low == one.high)))
        parts = _parts(rest, kept & wide)
        low, high = sum(one.low for one in parts), sum(one.high for one in parts)
        implied = rest.teams == frozenset[str]().union(*(one.teams for one in parts))
        if not (implied and rest.low <= low and high <= rest.high):
            kept.add(rest)
    return frozenset(kept)


def _largest_first(reading: Reading) -> tuple[int, int, list[str]]:
    return -len(reading.teams), reading.high - reading.low, sorted(reading.teams)


def _parts(total: Reading, readings: Iterable[Reading]) -> list[Reading]:
    """Disjoint readings inside a total, the largest first."""
    found: list[Reading] = []
    left = set(total.teams)
    for part in sorted(readings, key=_largest_first):
        if part.teams < total.teams and part.teams <= left:
            found.append(part)
            left -= part.teams
    return found


def _without(total: Reading, parts: Sequence[Reading]) -> Reading:
    known = sum(one.low for one in parts)
    left = total.teams.difference(*(one.teams for one in parts))
    return Reading(left, total.low - known, total.high - known)


def _adds_nothing(question: Question, unit: str) -> bool:
    """Whether a unit that is no atom shows exactly the sum of the disjoint atoms below it."""
    release = question.release
    if unit in release.atoms:
        return False
    below = question.below.get(unit, frozenset())
    inside = [atom for atom, teams in release.atoms.items() if teams <= below]
    disjoint = sum(len(release.atoms[atom]) for atom in inside) == len(
        frozenset[str]().union(*(release.atoms[atom] for atom in inside))
    )
    shown = [release.values.get(atom) for atom in inside]
    return disjoint and bool(shown) and None not in shown and sum(filter(None, shown)) == release.values[unit]


def _explanations(question: Question, unit: str, value: float) -> Iterator[Reading]:
    """The readings that the truth agrees with, the likeliest first."""
    if question.clip is None:
        return
    atoms, amount = question.release.atoms, round(value * UNIT)
    margin = question.base // 2 if amount % question.base == 0 and value == amount / UNIT else 0
    below = question.below.get(unit, frozenset())
    inside = [teams for teams in atoms.values() if teams <= below]
    for teams in (atoms.get(unit), below, frozenset[str]().union(*inside)):
        if teams and abs(truth(question, teams) - amount) <= margin:
            yield Reading(teams, amount - margin, amount + margin)


def truth(question: Question, teams: frozenset[str]) -> int:
    """What the people of these teams did, in hundredths."""
    people = frozenset[str]().union(*(question.rosters.get(team, frozenset()) for team in teams))
    return sum(question.done.get(person, 0) for person in people)
