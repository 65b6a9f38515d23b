"""Who exists: people, their accounts in each system, and where they stand from when to when.

An account is what a system knows; a person may have several, a bot's and a deleted one's belong to nobody. A place is a
roster's row. What people do is in sources/sandbox/changes.py, issues.py and commits.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from sources.sandbox.chance import number, token
from sources.sandbox.names import Name


@dataclass(frozen=True, slots=True)
class Account:
    """One account on GitHub; the e-mail is what its commits carry. `person` is None for bots and the deleted."""

    login: str
    node: str
    number: int
    name: str
    email: str
    kind: str = "User"  # or Bot
    person: str | None = None

    @property
    def is_bot(self) -> bool:
        """Whether a machine acts under it."""
        return self.kind == "Bot" or self.login.endswith("[bot]")


GHOST = Account("ghost", "MDQ6VXNlcjEwMTM3", 10137, "Deleted user", "", person=None)


@dataclass(frozen=True, slots=True)
class Tracker:
    """One account on Jira."""

    account: str
    name: str
    email: str
    kind: str = "atlassian"  # or app
    person: str | None = None


@dataclass(frozen=True, slots=True)
class Place:
    """A membership: a unit, its first day, and the first day after it."""

    unit: str
    start: date
    end: date | None = None

    def covers(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass(slots=True)
class Person:
    """One person: accounts, places, and how much they do in a common week."""

    id: str
    name: Name
    accounts: list[Account]
    trackers: list[Tracker]
    emails: list[str]
    works_in: list[Place]  # where they really work
    places: list[Place]  # what the roster says
    changes: float = 0.0
    issues: float = 0.0
    commits: float = 0.0
    reviews: float = 1.0
    size: float = 1.0
    rostered: bool = True
    traits: set[str] = field(default_factory=set)

    def team(self, day: date) -> str | None:
        """Where they really work on a day."""
        return next((place.unit for place in self.works_in if place.covers(day)), None)

    def home(self, day: date) -> str | None:
        """The unit that the roster names on a day."""
        return next((place.unit for place in self.places if place.covers(day)), None) if self.rostered else None


def person_of(seed: int, name: Name, unit: str | None, start: date, end: date | None = None) -> Person:
    """A person with one account in each system and one place, if any."""
    identity = "pz" + token(14, seed, "person", name.login)
    account = account_of(seed, name.login, name.full, name.email, person=identity)
    tracker = tracker_of(seed, name.full, name.email, person=identity)
    places = [Place(unit, start, end)] if unit else []
    return Person(identity, name, [account], [tracker], [name.email], list(places), list(places))


def account_of(seed: int, login: str, name: str, email: str, *, person: str | None, kind: str = "User") -> Account:
    """An account on GitHub."""
    node = f"{'BOT' if kind == 'Bot' else 'U'}_kgDO{token(10, seed, 'node', login)}"
    return Account(login, node, number(12, seed, "github", login), name, email, kind, person)


def tracker_of(seed: int, name: str, email: str, *, person: str | None, kind: str = "atlassian") -> Tracker:
    """An account on Jira."""
    one = token(32, seed, "jira", email)
    return Tracker(f"712020:{one[:8]}-{one[8:12]}-4{one[13:16]}-8{one[17:20]}-{one[20:]}", name, email, kind, person)
