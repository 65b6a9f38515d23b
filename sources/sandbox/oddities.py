"""Changes that hardly ever happen, each planted once or a few times because it must be survived.

Machines' changes, changes of the deleted, a module deleted at one go, more commits or reviews than a page holds, a
review of one's own change from a second account, and changes that come to light long after their time.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from sources.sandbox.chance import DAY, hours, monday, poisson, stream, token, work_time
from sources.sandbox.changes import Author, begun, lived
from sources.sandbox.colleagues import Colleagues
from sources.sandbox.people import GHOST, Account, Person
from sources.sandbox.places import EMPTY, REPOSITORIES, archived_on, founded
from sources.sandbox.settings import Sandbox
from sources.sandbox.work import Change, Commit, Review

MODULE = 48_211  # lines
LATE_UNIT = "runtime"


def automatic(settings: Sandbox, colleagues: Colleagues, machines: list[Account], week: date) -> Iterator[Change]:
    """A week's changes by machines."""
    for repository in REPOSITORIES:
        if repository == EMPTY or week >= archived_on(settings.start) and repository == "legacy-2023":
            continue
        rng = stream(settings.seed, "machine", repository, week)
        for at in range(poisson(rng, 0.55)):
            account = machines[0] if rng.random() < 0.8 else machines[1]
            id = token(20, settings.seed, "machine", repository, week, at)
            change = Change(id, repository, account, work_time(rng, week))
            change.additions, change.deletions, change.files = rng.randint(1, 400), rng.randint(1, 300), 2
            created = change.created
            change.commits = [
                Commit(token(40, id), account, created, created, created, change.additions, change.deletions)
            ]
            human = colleagues.reviewer(rng, week, rng.choice(("runtime", "payments", "accounts")), set())
            if human and rng.random() < 0.9:
                change.reviews = [Review(token(20, id, "r"), human.accounts[0], "APPROVED", created + hours(rng, 9))]
                change.merged = change.closed = change.reviews[0].at + timedelta(minutes=2)
                change.merged_by = account if rng.random() < 0.4 else human.accounts[0]
            yield change


def deleted(settings: Sandbox, colleagues: Colleagues, machines: list[Account], week: date) -> Iterator[Change]:
    """A week's changes by people whose accounts are gone: no author, or GitHub's stand-in for them."""
    if week > founded(settings.start) + DAY * 420:
        return
    rng = stream(settings.seed, "deleted", week)
    for at in range(poisson(rng, 1.6)):
        author = Author(None, "payments", rng.choice((None, GHOST)))
        yield from lived(rng, begun(settings, rng, author, week, f"deleted/{week}/{at}"), author, colleagues, machines)


def planted(settings: Sandbox, colleagues: Colleagues, cast: list[Person]) -> Iterator[Change]:
    """The changes that exist once."""
    first = founded(settings.start)
    by_trait = {trait: person for person in cast for trait in person.traits}
    for trait, days in (("deletes a module", 66), ("many commits", 45), ("much discussed", 52), ("three accounts", 38)):
        person = by_trait[trait]
        for turn in range(3):
            day = first + DAY * (days + 210 * turn)
            unit = person.team(day)
            if unit:
                yield _rare(settings, colleagues, trait, Author(person, unit, person.accounts[0]), day)


def late(settings: Sandbox, cast: list[Person]) -> Iterator[Change]:
    """Changes merged on days of the past that only now come to light."""
    for at, day in enumerate(settings.late_days):
        pool = [person for person in cast if person.team(day) == LATE_UNIT and person.changes and person.rostered]
        person = pool[at % len(pool)]
        account = person.accounts[0]
        created = datetime.combine(day, time(9, 30, 11))
        id = token(20, settings.seed, "late", day, at)
        change = Change(id, "runtime-core", account, created, additions=37 + at, deletions=11)
        change.merged = change.closed = created + timedelta(hours=5)
        change.merged_by = account
        change.commits = [Commit(token(40, id), account, created, created, created, 37 + at, 11)]
        change.touches = [settings.clock - timedelta(seconds=30)]
        yield change


def _rare(settings: Sandbox, colleagues: Colleagues, trait: str, author: Author, day: date) -> Change:
    """One change of a kind that hardly ever happens."""
    rng = stream(settings.seed, "rare", trait, day)
    week = monday(day)
    change = begun(settings, rng, author, week, f"rare/{trait}/{day}")
    change.base = "main"
    other = colleagues.reviewer(rng, week, author.unit, {author.person.id} if author.person else set())
    reviewer = other.accounts[0] if other else None
    count = 137 if trait == "many commits" else 2
    step = timedelta(minutes=3)
    for at in range(count):
        wrote = change.created - step * (count - at)
        id = token(40, change.id, at)
        change.commits.append(Commit(id, author.account, wrote, wrote, change.created, 2, 1))
    if trait == "deletes a module":
        change.additions, change.deletions, change.files = 14, MODULE, 412
    rounds = 63 if trait == "much discussed" else 1
    second = author.person.accounts[1] if author.person and trait == "three accounts" else reviewer
    for at in range(rounds):
        id = token(20, change.id, "review", at)
        state = "APPROVED" if at == rounds - 1 else "COMMENTED"
        change.reviews.append(Review(id, second, state, change.created + step * (at + 1)))
    change.merged = change.closed = change.created + step * (rounds + 5)
    change.merged_by = author.account
    return change
