"""What counts: merged changes and finished tasks of the company, by definitions read off the records."""

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
    merger: str | None
    is_self_merged: bool
    asker: str | None  # who first asked for another round
    is_another_round: bool | None  # nothing where nobody reviewed it
    reverted: str | None  # who wrote what it takes back
    is_revert: bool
    cycle: float | None  # seconds
    stages: dict[str, float]  # seconds of those that the change went through
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
    cycle: float | None  # seconds
    is_bug: bool
    was_reopened: bool
    is_unplanned: bool
    spent: dict[str, float]  # seconds from the start of work on, by class of status; nothing without a start


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
                seen = [review for review in reviews_of(change) if review.at <= change.merged]
                first = min(seen, key=lambda review: review.at, default=None)
                asked = _asked(change, change.merged, seen)
                yield Merged(
                    f"{company.settings.organisation}/{change.repository}#{change.number}",
                    change.merged,
                    team,
                    author.id,
                    known_as(first.author) if first else None,
                    first is None,
                    known_as(change.merged_by),
                    known_as(change.merged_by) == author.id and _approved(seen) is None,
                    known_as(asked.author) if asked else None,
                    asked is not None if seen else None,
                    known_as(change.reverts.author) if change.reverts else None,
                    change.reverts is not None,
                    _cycle(change),
                    _stages(change, change.merged, seen) if _cycle(change) is not None else {},
                    change.additions,
                    change.deletions,
                )


def reviews_of(change: Change) -> list[Review]:
    """The reviews by humans other than the author; those of a deleted account are somebody else's."""
    mine = known_as(change.author)
    return [
        review
        for review in change.reviews
        if review.state != "PENDING"
        and not (review.author and review.author.is_bot)
        and not (review.author and mine and known_as(review.author) == mine)
    ]


def _asked(change: Change, merged: datetime, reviews: list[Review]) -> Review | None:
    """The first review that sent it another round: a request for changes, or a comment with a commit to follow."""
    end = _approved(reviews) or merged
    commits = [commit.committed for commit in change.commits if commit.committed <= end]
    asking = [
        review
        for review in reviews
        if review.at <= end
        and (
            review.state == "CHANGES_REQUESTED"
            or review.state == "COMMENTED"
            and any(commit > review.at for commit in commits)
        )
    ]
    return min(asking, key=lambda review: review.at, default=None)


def _approved(reviews: list[Review]) -> datetime | None:
    """The last approval that stands: whoever gave it has not asked for changes since."""
    asked = [review for review in reviews if review.state == "CHANGES_REQUESTED" and review.author]
    standing = (
        review.at
        for review in reviews
        if review.state == "APPROVED" and not any(one.author == review.author and one.at >= review.at for one in asked)
    )
    return max(standing, default=None)


def ready_from(change: Change) -> datetime | None:
    """The first moment from which it could be reviewed; none while it is a draft that never was ready."""
    return min((at for at, draft in change.turns if not draft), default=None if change.draft else change.created)


def _stages(change: Change, merged: datetime, reviews: list[Review]) -> dict[str, float]:
    """The way from the first commit to the merge, cut where something happened; each moment belongs to one stage."""
    ready = ready_from(change) or change.created
    seen = min((review.at for review in reviews), default=None)
    approved = _approved(reviews)
    marks = [("coding", min(ready, merged))]
    if seen is None:
        marks.append(("unreviewed_wait", merged))
    elif approved is None:
        marks += [("pickup", seen), ("unapproved_review", merged)]
    else:
        marks += [("pickup", seen), ("review", approved), ("merge_wait", merged)]
    found, reached = {}, started(change)
    for stage, end in marks:
        if end >= reached:
            found[stage], reached = (end - reached).total_seconds(), end
    return found


def known_as(account: Account | None) -> str | None:
    """Who is behind an account; nobody behind a machine's or a deleted one."""
    return account.person if account else None


def _cycle(change: Change) -> float | None:
    """Seconds from the first commit to the merge; none if a clock ran wrong."""
    if change.merged is None:
        return None
    seconds = (change.merged - started(change)).total_seconds()
    return seconds if seconds >= 0 else None


def started(change: Change) -> datetime:
    """The first commit, but not long before the change was opened."""
    return max(change.first_commit or change.created, change.created - OLDEST_WORK)


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
                started = issue.started
                cycle = None if started is None else (at - started).total_seconds()
                yield Finished(
                    issue.id,
                    at,
                    team,
                    person.id,
                    lead if lead >= 0 else None,
                    cycle if cycle is not None and cycle >= 0 else None,
                    issue.kind == "Bug",
                    issue.was_reopened,
                    issue.unplanned,
                    issue.spent,
                )
