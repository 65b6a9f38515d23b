"""Who works beside whom: the people of each unit in a week, and who of them takes up a review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from itertools import accumulate
from random import Random

from sources.sandbox.chance import DAY, stream
from sources.sandbox.people import Person
from sources.sandbox.places import workplace


class Colleagues:
    """The people at work, by week and unit, so that a reviewer is drawn in a moment."""

    def __init__(self, seed: int, cast: Sequence[Person]) -> None:
        self._seed = seed
        self._cast = cast
        self._leaves: dict[tuple[str, int], set[int]] = {}
        self._weeks: dict[date, dict[str, tuple[list[Person], list[float]]]] = {}

    def at_work(self, monday: date) -> list[tuple[Person, str]]:
        """Who works in a week, and in which unit."""
        placed = ((person, person.team(monday) or person.team(monday + DAY * 4)) for person in self._cast)
        return [(person, unit) for person, unit in placed if unit]

    def reviewer(self, rng: Random, monday: date, unit: str, but: set[str]) -> Person | None:
        """Somebody of the same unit, now and then of the group; nobody if nobody is left."""
        week = self._weeks.get(monday) or self._week(monday)
        group = f"group:{workplace(unit).group}"
        for pool in (group, unit) if rng.random() < 0.12 else (unit, group):
            people, weights = week.get(pool, ([], []))
            for _ in range(6 if people and weights[-1] > 0 else 0):
                found = rng.choices(people, cum_weights=weights)[0]
                if found.id not in but:
                    return found
        return None

    def away(self, person: Person, monday: date) -> bool:
        """Whether somebody is on leave: some five weeks a year, two of them together."""
        year, week, _ = monday.isocalendar()
        leave = self._leaves.get((person.id, year))
        if leave is None:
            rng = stream(self._seed, "leave", person.id, year)
            summer = rng.randint(26, 35)
            leave = {summer, summer + 1, rng.randint(2, 20), rng.randint(36, 50), rng.randint(1, 52)}
            self._leaves[person.id, year] = leave
        return week in leave

    def _week(self, monday: date) -> dict[str, tuple[list[Person], list[float]]]:
        pools: dict[str, list[Person]] = {}
        for person, unit in self.at_work(monday):
            pools.setdefault(unit, []).append(person)
            pools.setdefault(f"group:{workplace(unit).group}", []).append(person)
        week = {pool: (people, list(accumulate(one.reviews for one in people))) for pool, people in pools.items()}
        self._weeks[monday] = week
        return week
