"""How people make changes: a week at a time, each week of each person a random stream of its own.

A change is drafted or not, pushed to, reviewed or not, merged, closed or forgotten. Nothing here looks at the clock.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from random import Random

from sources.sandbox.chance import hours, monday, poisson, season, stream, token, work_time
from sources.sandbox.colleagues import Colleagues
from sources.sandbox.people import GHOST, Account, Person
from sources.sandbox.places import ARCHIVED, archived_on, workplace
from sources.sandbox.settings import Sandbox
from sources.sandbox.work import Change, Commit, Review

SECOND = timedelta(seconds=1)
OUTCOMES = ("merged", "closed", "open")


@dataclass(frozen=True, slots=True)
class Author:
    """Who makes a change, and where in the organisation."""

    person: Person | None  # None: somebody whose account was deleted since
    unit: str
    account: Account | None
    size: float = 1.0
    slow: Callable[[str], float] = lambda stage: 1.0  # how many times as long as usual a stage takes

    def takes(self, stage: str, usual: timedelta) -> timedelta:
        """How long a stage takes, in whole seconds."""
        return timedelta(seconds=int(usual.total_seconds() * self.slow(stage)))


def changes(settings: Sandbox, colleagues: Colleagues, machines: list[Account], week: date) -> Iterator[Change]:
    """All changes that people begin in a week."""
    for person, unit in colleagues.at_work(week):
        rng = stream(settings.seed, "changes", person.id, week)
        expected = person.changes * season(week) * (0 if colleagues.away(person, week) else rng.gammavariate(4, 0.25))
        for at in range(poisson(rng, expected)):
            slow = partial(settings.slowness, team=unit, day=week)
            author = Author(person, unit, rng.choice(person.accounts), person.size, slow)
            change = begun(settings, rng, author, week, f"{person.id}/{week}/{at}")
            if person.team(change.created.date()):
                yield from lived(rng, change, author, colleagues, machines)


def begun(settings: Sandbox, rng: Random, author: Author, week: date, id: str) -> Change:
    """A change as it is opened."""
    created = work_time(rng, week)
    places = workplace(author.unit).repositories
    repository = places[0] if rng.random() < 0.72 else rng.choice(places)
    if repository == ARCHIVED and created.date() >= archived_on(settings.start):
        repository = places[0]
    change = Change(token(20, settings.seed, "change", id), repository, author.account, created)
    change.additions = int(author.size * rng.lognormvariate(3.5, 1.25))
    change.deletions = int(author.size * rng.lognormvariate(2.4, 1.5))
    change.files = 1 + int(rng.expovariate(0.4))
    if rng.random() < 0.06:
        change.base = f"feature/{token(6, change.id)}"
    change.fork_deleted = rng.random() < 0.01
    return change


def lived(
    rng: Random, change: Change, author: Author, colleagues: Colleagues, machines: list[Account]
) -> Iterator[Change]:
    """The change with its whole life, and the one that takes it back, if any."""
    ready = _drafted(rng, change)
    outcome = rng.choices(OUTCOMES, (92, 5, 3))[0]
    seen = _reviewed(rng, change, author, colleagues, ready) if rng.random() > 0.13 else None
    if rng.random() < 0.08:  # an app remarks on it at once
        _review(change, machines[2], "COMMENTED", ready + hours(rng, 0.05))
    _ended(rng, change, author, outcome, seen or (ready, None))
    _pushed(rng, change, author)
    if rng.random() < 0.1:
        change.touches.append((change.closed or change.created) + hours(rng, 60))
    yield change
    if change.merged and rng.random() < 0.018:
        yield _taken_back(rng, change, author, colleagues)


def _drafted(rng: Random, change: Change) -> datetime:
    """Let it be a draft for a while, or not; the moment from which it may be reviewed."""
    if rng.random() > 0.2:
        return change.created
    change.draft = True
    ready = change.created + hours(rng, 16)
    change.turns.append((ready, False))
    if rng.random() < 0.12:
        back = ready + hours(rng, 3)
        again = back + hours(rng, 10)
        change.turns += [(back, True), (again, False)]
    return change.turns[-1][0]


def _reviewed(
    rng: Random, change: Change, author: Author, colleagues: Colleagues, ready: datetime
) -> tuple[datetime, Account | None] | None:
    """Have it reviewed; when the last review came, and by whom."""
    taken = {author.person.id} if author.person else set()
    at, last = ready, None
    for _ in range(rng.choices((1, 2, 3), (66, 26, 8))[0]):
        reviewer = colleagues.reviewer(rng, monday(ready.date()), author.unit, taken)
        if reviewer is None:
            break
        taken.add(reviewer.id)
        last = rng.choice(reviewer.accounts)
        at += author.takes("review" if change.reviews else "pickup", hours(rng, 3.5, 1.3))
        if rng.random() < 0.3:
            _review(change, last, rng.choice(("CHANGES_REQUESTED", "COMMENTED")), at)
            at += author.takes("review", hours(rng, 5))
            if rng.random() < 0.35 and author.account:
                _review(change, author.account, "COMMENTED", at)  # the author answers
                at += hours(rng, 2)
        _review(change, last, rng.choices(("APPROVED", "DISMISSED"), (97, 3))[0], at)
    if rng.random() < 0.015:
        _review(change, rng.choice((None, GHOST)), "COMMENTED", ready + hours(rng, 2))
    if rng.random() < 0.01 and last:
        _review(change, last, "PENDING", at + hours(rng, 1))
    return (at, last) if last else None


def _review(change: Change, author: Account | None, state: str, at: datetime) -> None:
    """Note a review, never two in one second."""
    while any(review.at == at for review in change.reviews):
        at += SECOND
    change.reviews.append(Review(token(20, change.id, "review", len(change.reviews)), author, state, at))


def _ended(rng: Random, change: Change, author: Author, outcome: str, seen: tuple[datetime, Account | None]) -> None:
    """Merge it, close it, or leave it open, for some weeks or for ever."""
    at, reviewer = seen
    if outcome == "open":
        if rng.random() < 0.85:
            change.closed = at + hours(rng, 400)
        return
    merging = hours(rng, 2.5, 1.4) if outcome == "merged" else hours(rng, 90)
    change.closed = at + (author.takes("merge_wait", merging) if reviewer else merging)
    if outcome == "closed":
        return
    change.merged = change.closed
    change.merged_by = author.account if reviewer is None or rng.random() < 0.6 else reviewer
    if rng.random() < 0.03:
        for after in (6, 20):
            _review(change, reviewer, "COMMENTED", change.merged + hours(rng, after))


def _pushed(rng: Random, change: Change, author: Author) -> None:
    """Its commits: most before it was opened, some after; dates that lie as real ones do."""
    first = change.created - author.takes("coding", hours(rng, 11, 1.6))
    if rng.random() < 0.004:
        first -= timedelta(days=rng.randint(95, 400))  # picked from an old branch
    end = max(change.created, change.merged - SECOND * 60 if change.merged else change.created + hours(rng, 5))
    count = 1 + min(int(rng.expovariate(0.45)), 30)
    spots = sorted(rng.random() for _ in range(count - 1))
    inside = change.merged and rng.random() < 0.004
    for at in range(count):
        wrote = first if at == 0 else first + (end - first) * (spots[at - 1] ** 2)
        wrote = wrote.replace(microsecond=0)
        if inside and change.merged:
            wrote = change.merged + hours(rng, 1)  # a clock that goes wrong
        committed = wrote + hours(rng, 1) if rng.random() < 0.15 else wrote
        add, delete = change.additions // count, change.deletions // count
        id = token(40, change.id, "commit", at)
        change.commits.append(Commit(id, author.account, wrote, committed, max(wrote, change.created), add, delete))
        if inside:
            change.commits[-1].pushed = change.created


def _taken_back(rng: Random, change: Change, author: Author, colleagues: Colleagues) -> Change:
    """The change that takes one back, by its author or a colleague."""
    merged = change.merged or change.created
    person = author.person
    if person is None or rng.random() < 0.5:
        taken = {person.id} if person else set()
        person = colleagues.reviewer(rng, monday(merged.date()), author.unit, taken) or person
    account = person.accounts[0] if person else None
    created = merged + hours(rng, 14)
    back = Change(token(20, change.id, "revert"), change.repository, account, created, reverts=change)
    back.additions, back.deletions, back.files = change.deletions, change.additions, change.files
    back.merged = back.closed = created + hours(rng, 1)
    back.merged_by = account
    other = colleagues.reviewer(rng, monday(merged.date()), author.unit, {person.id} if person else set())
    if other and rng.random() < 0.6:
        _review(back, other.accounts[0], "APPROVED", created + (back.merged - created) / 2)
        back.reviews[-1].at = back.reviews[-1].at.replace(microsecond=0)
    back.commits = [Commit(token(40, back.id), account, created, created, created, back.additions, back.deletions)]
    return back
