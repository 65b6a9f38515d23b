"""What counts of the company's reviews, by definitions read off the records."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from sources.sandbox.company import Company
from sources.sandbox.oracle import known_as, leaf, ready_from, reviews_of


@dataclass(frozen=True, slots=True)
class Given:
    """A review that somebody who counts for a team gave to somebody else's change."""

    subject: str
    at: datetime
    team: str
    reviewer: str
    author: str | None
    is_commented: bool
    first: float | None  # seconds since it was ready, of the first review of a change


def given(company: Company) -> Iterator[Given]:
    """All reviews that count, of changes in whatever state."""
    known = {person.id: person for person in company.people}
    for listed in company.changes.values():
        for change in listed:
            reviews = reviews_of(change)
            earliest = min((review.at for review in reviews), default=None)
            ready = ready_from(change)
            for review in reviews:
                person = known.get(known_as(review.author) or "")
                team = leaf(person, review.at) if person else None
                if person and team:
                    waited = (review.at - ready).total_seconds() if ready and review.at == earliest else -1
                    yield Given(
                        review.id,
                        review.at,
                        team,
                        person.id,
                        known_as(change.author),
                        review.line_comments > 0,
                        waited if waited >= 0 else None,
                    )
