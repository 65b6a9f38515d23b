"""Made-up companies for attackers: who sits where, and who did what, written as the door writes it.

Histories begin with a whole ISO year of steady work, of which the constants of the next are made; what an attack is
about happens in the blocks of that next year. Amounts are a person's per block; times lie inside the block.
"""

import datetime as dt
import random
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orchestration.clock import Block, blocks

if TYPE_CHECKING:
    import duckdb

YEAR = 2024
HISTORY = 13
Amount = Callable[[random.Random, str, int], int]
SYSTEMS = ("github", "git", "jira")


@dataclass(frozen=True, slots=True)
class Change:
    """A merged change: its author, the days of its life, its size, who reviewed it, who (or a machine) deployed it."""

    author: str
    merged_at: dt.datetime
    hours: float = 24
    additions: int = 40
    deletions: int = 10
    reviewer: str | None = None
    deployer: str | None = None


@dataclass(frozen=True, slots=True)
class Deployment:
    """A deployment by hand in which no change is known; if it failed: who mended it by another one, or answered the
    incident, and after how many hours."""

    deployer: str
    at: dt.datetime
    mender: str | None = None
    responder: str | None = None
    hours: float = 3


@dataclass(frozen=True, slots=True)
class Task:
    """A finished task: its assignee, when it was done, how long it took."""

    assignee: str
    done_at: dt.datetime
    hours: float = 48


@dataclass(slots=True)
class Company:
    """`groups` maps a group to its teams, a team to its people; `moves` (person, team or None, day) come on top.

    `above` maps a group to the one it lies in. A team `<group>:direct` is the people placed on the group itself.
    """

    groups: dict[str, dict[str, list[str]]]
    above: dict[str, str] = field(default_factory=dict)
    later: int = 3
    seed: int = 1
    born: dict[str, int] = field(default_factory=dict)  # team -> the block, counted from 0, in which it begins
    moves: list[tuple[str, str | None, dt.date]] = field(default_factory=list)
    joined: dict[str, dt.date] = field(default_factory=dict)  # person -> first day
    changes: list[Change] = field(default_factory=list)
    tasks: list[Task] = field(default_factory=list)
    deployments: list[Deployment] = field(default_factory=list)
    accounts: dict[str, str] = field(default_factory=dict)  # further account -> person
    asked_after: int = 9  # days after the last block's end
    released: dict[str, dt.date] = field(default_factory=dict)  # table -> its last released period

    @property
    def root(self) -> str:
        """The organisation."""
        return "acme"

    @property
    def depth(self) -> int:
        """Levels of groups between the organisation and the teams."""
        return max(len(self.chain(group)) for group in self.groups)

    def chain(self, group: str) -> list[str]:
        """A group and those that it lies in."""
        found = [group] if group in self.groups else []
        while found and found[-1] in self.above:
            found.append(self.above[found[-1]])
        return found

    def group_of(self, team: str) -> str:
        """The group that a team is in."""
        return next(group for group, names in self.groups.items() if team in names)

    @property
    def blocks(self) -> list[Block]:
        """The history's year and the blocks after it."""
        first = dt.date.fromisocalendar(YEAR, 1, 1)
        return [block for block in blocks(dt.date(YEAR + 3, 1, 1)) if block.period_start >= first][
            : HISTORY + self.later
        ]

    @property
    def judged(self) -> list[Block]:
        """The blocks of the year whose constants exist."""
        return self.blocks[HISTORY:]

    @property
    def people(self) -> dict[str, str]:
        """Everybody, with the team of their first day."""
        return {person: team for teams in self.groups.values() for team, people in teams.items() for person in people}

    def work(self, amount: Amount, people: Iterable[str] | None = None, within: Iterable[Block] | None = None) -> None:
        """Everybody does `amount(rng, person, number of the block)` changes and tasks a block."""
        rng = random.Random(self.seed)
        chosen = list(self.people if people is None else people)
        known = {block.period_start: number for number, block in enumerate(self.blocks)}
        for block in self.blocks if within is None else within:
            number = known[block.period_start]
            for person in chosen:
                for _ in range(amount(rng, person, number)):
                    self.change(person, block, rng)
                for _ in range(amount(rng, person, number)):
                    self.tasks.append(Task(person, moment(block, rng), 24 * (1 + 9 * rng.random())))

    def change(self, author: str, block: Block, rng: random.Random, **given: object) -> None:
        """One change in a block, of ordinary size unless told."""
        mates = [person for person, team in self.people.items() if team == self.people[author] and person != author]
        usual: dict[str, object] = {
            "hours": 2 + 100 * rng.random(),
            "additions": rng.randint(5, 120),
            "deletions": rng.randint(3, 60),
            "reviewer": rng.choice(mates) if mates and rng.random() < 0.6 else None,
        }
        self.changes.append(Change(author, moment(block, rng), **(usual | given)))

    def write(self, connection: "duckdb.DuckDBPyConnection") -> None:
        """Into the schemas `raw` and `ops` of an attached `vault`."""
        from tests.attacks.door import write

        write(self, connection)


def moment(block: Block, rng: random.Random) -> dt.datetime:
    """Some time of a block's middle."""
    start = dt.datetime.combine(block.period_start, dt.time(9))
    return start + dt.timedelta(hours=rng.randrange(24 * 3, 24 * 25))


def teams(**sizes: int) -> dict[str, list[str]]:
    """People by team: `teams(aa=9)` has aa-0 to aa-8."""
    return {team: [f"{team}-{number}" for number in range(size)] for team, size in sizes.items()}


def steady(low: int = 3, high: int = 6) -> Amount:
    """Between so many and so many a block, anybody."""
    return lambda rng, person, block: rng.randint(low, high)
