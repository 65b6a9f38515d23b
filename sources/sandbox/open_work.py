"""What is open at the end of each week: changes in review and tasks in progress, with whom they lie then."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from sources.sandbox.chance import monday
from sources.sandbox.company import Company
from sources.sandbox.oracle import leaf
from sources.sandbox.people import Person
from sources.sandbox.tasks import STATES, UNCOUNTED, Issue
from sources.sandbox.work import Change

SECOND = timedelta(seconds=1)
WEEK = timedelta(weeks=1)


@dataclass(frozen=True, slots=True)
class Held:
    """Something open that somebody who counts for a team holds."""

    subject: str
    at: datetime  # the last second of a week
    team: str
    holder: str
    age: float  # seconds
    is_task: bool
    is_idle: bool


def held(company: Company) -> Iterator[Held]:
    """All that counts, once for each week that ends while it is open."""
    known = {person.id: person for person in company.people}
    clock = company.settings.clock
    for changes in company.changes.values():
        for change in changes:
            ready = min((at for at, draft in change.turns if not draft), default=change.created)
            if change.author and not change.author.is_bot and not change.is_draft:
                for end in _ends(ready, change.closed or clock):
                    subject = f"{company.settings.organisation}/{change.repository}#{change.number}"
                    item = (subject, end, ready, _moved(change, ready, end))
                    yield from _held(known.get(change.author.person or ""), item)
    for issues in company.issues.values():
        for issue in issues:
            last = clock if STATES[issue.status][1] == "indeterminate" else issue.updated or clock
            for end in _ends(issue.created, last) if issue.kind not in UNCOUNTED else ():
                holder = issue.held_by(end)
                if holder and STATES[_state(issue, end)][1] == "indeterminate":
                    moved = max((move.at for move in issue.moves if move.at <= end), default=issue.created)
                    began = issue.started or issue.created
                    yield from _held(known.get(holder.person or ""), (issue.id, end, began, moved), is_task=True)


def _held(
    holder: Person | None, item: tuple[str, datetime, datetime, datetime], *, is_task: bool = False
) -> Iterator[Held]:
    """The item, by its holder's team, if there is one. `item`: name, end of the week, beginning, last sign of life."""
    name, end, began, moved = item
    team = leaf(holder, end) if holder else None
    if holder and team:
        yield Held(name, end, team, holder.id, (end - began).total_seconds(), is_task, moved <= end - WEEK)


def _ends(first: datetime, last: datetime) -> Iterator[datetime]:
    """The last second of each week from a moment on, before another."""
    end = datetime.combine(monday(first.date()), time.min) + WEEK - SECOND
    while end < last:
        yield end
        end += WEEK


def _state(issue: Issue, end: datetime) -> str:
    """The state at a moment."""
    moves = [move for move in issue.moves if move.field == "status" and move.at <= end]
    return str(moves[-1].after) if moves else issue.state


def _moved(change: Change, ready: datetime, end: datetime) -> datetime:
    """The last sign of life up to a moment: it became ready, a commit, a review by a human."""
    commits = (commit.committed for commit in change.commits)
    reviews = (
        review.at
        for review in change.reviews
        if review.state != "PENDING" and not (review.author and review.author.is_bot)
    )
    return max(at for at in (ready, *commits, *reviews) if at <= end)
