"""What there is to see on GitHub, as plain records: changes, their commits, reviews and events.

A record is made with its whole future; `until` takes away what the clock has not reached. A state is never stored: it
follows from the times that are left.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sources.sandbox.people import Account


@dataclass(slots=True)
class Commit:
    """One commit of a change; it shows from `pushed` on, whatever its own dates say."""

    id: str
    author: Account | None
    authored: datetime
    committed: datetime
    pushed: datetime
    additions: int
    deletions: int


@dataclass(slots=True)
class Review:
    """One review; a pending one was never submitted."""

    id: str
    author: Account | None
    state: str  # APPROVED, CHANGES_REQUESTED, COMMENTED, DISMISSED, PENDING
    at: datetime

    @property
    def line_comments(self) -> int:
        """How many comments on lines it carries: what asks for more mostly has some, an approval now and then."""
        luck, likely = int(self.id[:6], 16) % 100, 15 if self.state in {"APPROVED", "DISMISSED"} else 75
        return 1 + luck % 5 if luck < likely else 0


@dataclass(slots=True)
class Change:
    """One pull request."""

    id: str
    repository: str
    author: Account | None
    created: datetime
    draft: bool = False
    turns: list[tuple[datetime, bool]] = field(default_factory=list)  # (when, is a draft from then on)
    closed: datetime | None = None
    merged: datetime | None = None
    merged_by: Account | None = None
    additions: int = 0
    deletions: int = 0
    files: int = 1
    commits: list[Commit] = field(default_factory=list)
    reviews: list[Review] = field(default_factory=list)
    touches: list[datetime] = field(default_factory=list)  # comments, labels: what moves nothing but `updated`
    base: str = "main"
    fork_deleted: bool = False
    reverts: Change | None = None
    number: int = 0
    updated: datetime | None = None  # known once the clock has cut it

    def until(self, clock: datetime) -> None:
        """Forget what happens at the clock or later."""
        self.turns = [turn for turn in self.turns if turn[0] < clock]
        self.commits = [commit for commit in self.commits if commit.pushed < clock]
        self.reviews = [review for review in self.reviews if review.at < clock]
        self.touches = [touch for touch in self.touches if touch < clock]
        if self.closed and self.closed >= clock:
            self.closed = None
        if self.merged and self.merged >= clock:
            self.merged, self.merged_by = None, None
        submitted = (review.at for review in self.reviews if review.state != "PENDING")
        pushed = (commit.pushed for commit in self.commits)
        ends = (end for end in (self.closed, self.merged) if end)
        self.updated = max(self.created, *self.touches, *(at for at, _ in self.turns), *submitted, *pushed, *ends)

    @property
    def is_draft(self) -> bool:
        """Whether it is a draft now."""
        return self.turns[-1][1] if self.turns else self.draft

    @property
    def first_commit(self) -> datetime | None:
        """The earliest moment that any of its commits tells."""
        return min((min(commit.authored, commit.committed) for commit in self.commits), default=None)
