"""What git serves: the commits of a repository that only git knows, and of one that GitHub knows too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sources.sandbox.cast import bots
from sources.sandbox.chance import WEEK, hours, midnight, monday, poisson, season, stream, token, work_time
from sources.sandbox.colleagues import Colleagues
from sources.sandbox.names import DOMAIN, plain
from sources.sandbox.people import Person
from sources.sandbox.places import ALONE, SHARED
from sources.sandbox.settings import Sandbox
from sources.sandbox.work import Change

LARGEST = 1500  # lines of a commit
KEPT = 1  # lines that stay in a file


@dataclass(slots=True)
class GitCommit:
    """One commit as it is written into a repository; `merges` says that it joins the one before as a branch."""

    id: str
    name: str
    email: str
    authored: datetime
    committed: datetime
    additions: int
    deletions: int
    person: str | None = None
    merges: bool = False


def old_address(person: Person) -> str:
    """The address that somebody used before; the repository's mailmap knows whose it is."""
    return f"{plain(person.name.family)}.old@{DOMAIN}"


def old_addresses(people: Sequence[Person]) -> list[str]:
    """The addresses that only a mailmap tells."""
    return [old_address(person) for person in people if "old address" in person.traits]


def served(
    settings: Sandbox, people: Sequence[Person], colleagues: Colleagues, changes: dict[str, list[Change]]
) -> dict[str, list[GitCommit]]:
    """The commits of both repositories, oldest first, none at the clock or later."""
    alone = [commit for week in _weeks(settings) for commit in _week(settings, colleagues, week)]
    shared = [commit for change in changes[SHARED] for commit in _squashed(change)]
    return {name: _settled(settings, found) for name, found in ((ALONE, alone), (SHARED, shared))}


def _weeks(settings: Sandbox) -> Iterator[date]:
    week = monday(settings.start)
    while midnight(week) < settings.clock:
        yield week
        week += WEEK


def _week(settings: Sandbox, colleagues: Colleagues, week: date) -> Iterator[GitCommit]:
    """A week of the repository that only git knows."""
    for person, _unit in colleagues.at_work(week):
        if not person.commits:
            continue
        rng = stream(settings.seed, "commits", person.id, week)
        expected = person.commits * season(week) * (0 if colleagues.away(person, week) else 1)
        for at in range(poisson(rng, expected)):
            committed = work_time(rng, week)
            authored = committed - hours(rng, 4) if rng.random() < 0.2 else committed
            email = person.accounts[0].email
            if "old address" in person.traits and rng.random() < 0.4:
                email = old_address(person)
            id = token(20, settings.seed, "git", person.id, week, at)
            add, delete = int(rng.lognormvariate(3.2, 1.2)), int(rng.lognormvariate(2.2, 1.4))
            merges = rng.random() < 0.12
            yield GitCommit(id, person.name.full, email, authored, committed, add, delete, person.id, merges)


def _squashed(change: Change) -> Iterator[GitCommit]:
    """A merged change as the one commit that stays of it."""
    if change.merged and change.base == "main":
        name, email = "gone", f"gone@{DOMAIN}"
        if change.author and change.author.email:
            name, email = change.author.name, change.author.email
        person = change.author.person if change.author else None
        merged = change.merged
        yield GitCommit(change.id, name, email, merged, merged, change.additions, change.deletions, person)


def _settled(settings: Sandbox, found: list[GitCommit]) -> list[GitCommit]:
    """In order of time, after a first commit by a machine; nothing is deleted that was not there."""
    begin = midnight(settings.start)
    robot = bots(settings.seed)[0]
    first = GitCommit("first", robot.name, robot.email, begin, begin, 0, 0)
    kept = [commit for commit in found if begin < commit.committed < settings.clock]
    lines = 0
    for commit in sorted(kept, key=lambda one: (one.committed, one.id)):
        commit.additions = max(1, min(commit.additions, LARGEST))
        commit.deletions = min(commit.deletions, LARGEST, max(0, lines - KEPT))
        lines += commit.additions - commit.deletions
    return [first, *sorted(kept, key=lambda one: (one.committed, one.id))]
