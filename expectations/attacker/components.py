"""From readings to programs: people whom the same numbers speak of, and what a coalition among them knows.

Two people of teams that stand in the same readings cannot be told apart, so they form a class. Classes that share a
reading form a component; nothing outside it says anything about the people in it. After merging, every component ought
to be one atom with one class; whatever makes it more (overlapping rows, a restatement that divides, two partitions) is
solved as it is.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from expectations.attacker.programs import Program, Row
from expectations.attacker.readings import Reading


@dataclass(frozen=True, slots=True)
class Component:
    """People (largest amount first, in hundredths), the class of each, its size, and the readings over classes."""

    people: tuple[str, ...]
    amounts: Mapping[str, int]
    classes: Mapping[str, int]
    sizes: Mapping[int, int]
    readings: tuple[tuple[frozenset[int], int, int], ...]
    clip: int

    def program(self, person: str, known: Iterable[str] = (), *, free: bool = False) -> Program:
        """What bounds a person for readers who know what `known` did; `free`: without 0 and the clip as bounds."""
        mine, told = self.classes[person], tuple(known)
        caps = {one: size * self.clip for one, size in self.sizes.items()}
        sums: dict[int, int] = defaultdict(int)
        for one in told:
            sums[self.classes[one]] += self.amounts[one]
        for one in (person, *told):
            caps[self.classes[one]] -= self.clip
        unknown = {one: at for at, one in enumerate(sorted(one for one, cap in caps.items() if cap))}
        rows = tuple(
            Row(
                tuple(unknown[one] for one in sorted(classes) if one in unknown),
                mine in classes,
                low - gone,
                high - gone,
            )
            for classes, low, high in self.readings
            for gone in (sum(sums[one] for one in classes),)
        )
        return Program(tuple(caps[one] for one in unknown), rows, None if free else self.clip)


def components(
    readings: Iterable[Reading], rosters: Mapping[str, frozenset[str]], done: Mapping[str, int], clip: int
) -> Iterator[Component]:
    """The parts that have nothing to do with each other; a team that no reading names is in none."""
    listed = sorted(readings, key=lambda one: (sorted(one.teams), one.low, one.high))
    signatures: dict[str, list[int]] = defaultdict(list)
    for at, reading in enumerate(listed):
        for team in reading.teams:
            signatures[team].append(at)
    classes: dict[tuple[int, ...], list[str]] = defaultdict(list)
    for team, signature in sorted(signatures.items()):
        classes[tuple(signature)].append(team)
    for joined in _joined(classes):
        order = {signature: at for at, signature in enumerate(joined)}
        belongs = {
            person: at
            for signature, at in order.items()
            for team in classes[signature]
            for person in sorted(rosters.get(team, ()))
        }
        amounts = {person: done.get(person, 0) for person in belongs}
        told = sorted({at for signature in joined for at in signature})
        rows = tuple(
            (frozenset(order[signature] for signature in joined if at in signature), listed[at].low, listed[at].high)
            for at in told
        )
        people = tuple(sorted(belongs, key=lambda p: (-amounts[p], p)))
        yield Component(people, amounts, belongs, Counter(belongs.values()), rows, clip)


def _joined(classes: Iterable[tuple[int, ...]]) -> list[list[tuple[int, ...]]]:
    """Signatures that share a reading, directly or by way of others, together."""
    leads: dict[int, int] = {}

    def lead(reading: int) -> int:
        while leads.setdefault(reading, reading) != reading:
            reading = leads[reading]
        return reading

    for signature in classes:
        for reading in signature:
            leads[lead(reading)] = lead(signature[0])
    groups: dict[int, list[tuple[int, ...]]] = defaultdict(list)
    for signature in sorted(classes):
        groups[lead(signature[0])].append(signature)
    return list(groups.values())
