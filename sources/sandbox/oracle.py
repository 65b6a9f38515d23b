"""What counts: the merged changes and finished tasks of the company, by definitions read off the records themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sources.sandbox.chance import block_start
from sources.sandbox.company import Company
from sources.sandbox.people import Account, Person
from sources.sandbox.places import GROUPS
from sources.sandbox.tasks import UNCOUNTED, UNFINISHED
from sources.sandbox.work import Change, Review

OLDEST_WORK = timedelta(days=90)  # how long before a change was opened its first commit may lie


@dataclass(frozen=True, slots=True)
class Merged:
    """A merged change of somebody who counts for a team."""

    subject: str
    at: datetime
    team: str
    author: str
    reviewer: str | None  # who gave the first review of somebody else before the merge
    unreviewed: bool
    cycle: float | None  # seconds
    additions: int
    deletions: int


@dataclass(frozen=True, slots=True)
class Finished:
    """A finished task of somebody who counts for a team."""

    subject: str
    at: datetime
    team: str
    assignee: str
    lead: float | None  # seconds


def leaf(person: Person, moment: datetime) -> str | None:
    """The team a person counts for: the home at the start of the block; on a group itself, that group's leaf."""
    home = person.home(block_start(moment.date()))
    return f"{home}:direct" if home in GROUPS else home


def merged(company: Company) -> Iterator[Merged]:
    """All merged changes that count."""
    known = {person.id: person for person in company.people}
    for listed in company.changes.values():
        for change in listed:
            author = known.get(change.author.person or "") if change.author else None
            team = leaf(author, change.merged) if author and change.merged else None
            if author and team and change.merged:
                first = _first_review(change)
                yield Merged(
                    f"{company.settings.organisation}/{change.repository}#{change.number}",
                    change.merged,
                    team,
                    author.id,
                    _person(first.author) if first else None,
                    first is None,
                    _cycle(change),
                    change.additions,
                    change.deletions,
                )


def _first_review(change: Change) -> Review | None:
    """The first review before the merge by a human other than the author; a deleted account's counts."""
    mine = _person(change.author)
    seen = [
        review
        for review in change.reviews
        if review.state != "PENDING"
        and change.merged
        and review.at <= change.merged
        and not (review.author and review.author.is_bot)
        and not (review.author and _person(review.author) == mine)
    ]
    return min(seen, key=lambda review: review.at, default=None)


def _person(account: Account | None) -> str | None:
    return account.person if account else None


def _cycle(change: Change) -> float | None:
    """Seconds from the first commit to the merge; none if a clock ran wrong."""
    if change.merged is None:
        return None
    first = change.first_commit or change.created
    seconds = (change.merged - max(first, change.created - OLDEST_WORK)).total_seconds()
    return seconds if seconds >= 0 else None


def finished(company: Company) -> Iterator[Finished]:
    """All finished tasks that count."""
    known = {person.id: person for person in company.people}
    for listed in company.issues.values():
        for issue in listed:
            at = issue.finished
            if at is None or issue.resolution in UNFINISHED or issue.kind in UNCOUNTED:
                continue
            holder = issue.held_by(at)
            person = known.get(holder.person or "") if holder else None
            team = leaf(person, at) if person else None
            if person and team:
                lead = (at - issue.created).total_seconds()
                yield Finished(issue.id, at, team, person.id, lead if lead >= 0 else None)
