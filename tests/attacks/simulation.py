"""Simulated companies as the oracle takes them: who is in which team in each block, and how much each did.

People differ (their rates are log-normal), work comes by chance around a person's rate, some never work in the basis,
some are away in a block, some change teams, leave, come. The first year makes the constants; what is attacked is after.
"""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.oracle import Block, Unit

if TYPE_CHECKING:
    from numpy.random import Generator

FIRST = dt.date(2023, 1, 2)  # W01; the year has 52 weeks, and so have the next two
YEAR = 13
COUNT = "changes_merged"
# what a person typically does in a block, how much people differ, and one person's blocks (deviations of the logarithm)
KINDS = {
    COUNT: (8.0, 0.6, 0.2),
    "tasks_completed": (4.0, 0.6, 0.2),
    "lines_added": (900.0, 0.8, 0.7),
    "lines_deleted": (350.0, 0.9, 0.9),
}


@dataclass(frozen=True)
class Size:
    """How large a company is, and how restless; teams have between 3 and 12 people."""

    people: int = 287
    teams: int = 42
    groups: int = 7
    moving: float = 0.03
    away: float = 0.04
    idle: float = 0.08
    quantities: tuple[str, ...] = (COUNT,)
    steady: bool = False  # everybody does the same in every block: the best case of an attacker who subtracts


@dataclass(frozen=True)
class Simulated:
    """The blocks, and who is where: person -> team, block by block (None: not there)."""

    blocks: list[Block]
    homes: Mapping[str, list[str | None]]

    def done(self, at: int, person: str, quantity: str = COUNT) -> int:
        """What a person did in a block."""
        team = self.homes[person][at]
        return self.blocks[at].did[quantity].get(team or "", {}).get(person, 0)


def simulated(seed: int, size: Size | None = None, later: int = 13) -> Simulated:
    """A year, then `later` blocks more."""
    import numpy as np

    size, random = size or Size(), np.random.default_rng(seed)
    teams = [f"t{at:04}" for at in range(size.teams)]
    tree = {"org": Unit("org", None)} | {f"g{at:03}": Unit("group", "org") for at in range(size.groups)}
    tree |= {team: Unit("team", f"g{at % size.groups:03}") for at, team in enumerate(teams)}
    homes = homes_of(random, size, teams, YEAR + later)
    works = {person: random.random() >= size.idle for person in homes}
    did = {quantity: worked(random, size, quantity, homes, works) for quantity in size.quantities}
    blocks = [
        Block(
            start=(start := FIRST + dt.timedelta(weeks=4 * at)),
            end=start + dt.timedelta(days=27),
            iso_year=start.isocalendar().year,
            units=tree,
            members={team: frozenset(p for p, home in homes.items() if home[at] == team) for team in teams},
            did={quantity: amounts[at] for quantity, amounts in did.items()},
        )
        for at in range(YEAR + later)
    ]
    return Simulated(blocks, homes)


def homes_of(random: "Generator", size: Size, teams: list[str], blocks: int) -> dict[str, list[str | None]]:
    """Teams of 3 to 12 that add up to the people; then movers, and one in three of them leaves, for a newcomer."""
    sizes = random.integers(3, 13, size.teams)
    while sizes.sum() != size.people:
        at = random.integers(size.teams)
        sizes[at] = min(12, max(3, sizes[at] + (1 if sizes.sum() < size.people else -1)))
    found: dict[str, list[str | None]] = {}
    for team, count in zip(teams, sizes, strict=True):
        for _ in range(count):
            found[f"p{len(found):05}"] = [team] * blocks
    for at in range(1, blocks):
        for person in [p for p, home in found.items() if home[at]]:
            if random.random() < size.moving:
                leaves = random.random() < 1 / 3
                old = found[person][at]
                found[person][at:] = [None if leaves else str(random.choice(teams))] * (blocks - at)
                if leaves:
                    found[f"p{len(found):05}"] = [None] * at + [old] * (blocks - at)
    return found


def worked(
    random: "Generator", size: Size, quantity: str, homes: Mapping[str, list[str | None]], works: Mapping[str, bool]
) -> list[dict[str, dict[str, int]]]:
    """Block by block, team -> person -> amount: Poisson around the rate of the block; a block away now and then."""
    typical, spread, restless = KINDS[quantity]
    blocks = len(next(iter(homes.values())))
    found: list[dict[str, dict[str, int]]] = [{} for _ in range(blocks)]
    for person, home in homes.items():
        rate = typical * random.lognormal(0, spread) * works[person]
        wanted = rate * random.lognormal(0, 0 if size.steady else restless, blocks)
        wanted *= random.random(blocks) >= size.away
        amounts = wanted.round().astype(int) if size.steady else random.poisson(wanted)
        for at, (team, amount) in enumerate(zip(home, amounts.tolist(), strict=True)):
            if team and amount:
                found[at].setdefault(team, {})[person] = amount
    return found
