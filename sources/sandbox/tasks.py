"""What there is to see on Jira, as plain records: issues and their passage through states and hands.

As with changes, a record holds its whole future until the clock cuts it; state, resolution and assignee follow.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise

from sources.sandbox.people import Tracker

STATES = {  # name: (id, category)
    "To Do": ("10000", "new"),
    "Selected for Development": ("10001", "new"),
    "In Progress": ("3", "indeterminate"),
    "In Review": ("10002", "indeterminate"),
    "Blocked": ("10004", "indeterminate"),
    "Done": ("10003", "done"),
    "Closed": ("6", "done"),
}
WORKED, WAITED = frozenset({"In Progress"}), frozenset({"In Review", "Blocked"})
UNFINISHED = frozenset({"Won't Do", "Duplicate"})
UNCOUNTED = frozenset({"Epic", "Sub-task"})


@dataclass(frozen=True, slots=True)
class Move:
    """One line of an issue's history: a state or an assignee that changed."""

    at: datetime
    field: str  # status or assignee
    before: str | Tracker | None
    after: str | Tracker | None
    by: Tracker | None


@dataclass(slots=True)
class Issue:
    """One issue."""

    id: str
    project: str
    kind: str
    created: datetime
    state: str = "To Do"  # at its creation
    assignee: Tracker | None = None  # at its creation
    reporter: Tracker | None = None
    moves: list[Move] = field(default_factory=list)
    resolution: str | None = None  # as soon as it is done
    touches: list[datetime] = field(default_factory=list)
    points: float | None = None
    epic: Issue | None = None
    unplanned: bool = False
    service: str | None = None  # of an incident: what it disturbs
    number: int = 0
    updated: datetime | None = None  # known once the clock has cut it

    def until(self, clock: datetime) -> None:
        """Forget what happens at the clock or later."""
        self.moves = sorted((move for move in self.moves if move.at < clock), key=lambda move: move.at)
        self.touches = [touch for touch in self.touches if touch < clock]
        self.updated = max(self.created, *self.touches, *(move.at for move in self.moves), self.created)

    @property
    def key(self) -> str:
        """As people call it."""
        return f"{self.project}-{self.number}"

    @property
    def status(self) -> str:
        """The state now."""
        return next((str(move.after) for move in reversed(self.moves) if move.field == "status"), self.state)

    @property
    def is_done(self) -> bool:
        """Whether it is finished now."""
        return STATES[self.status][1] == "done"

    @property
    def finished(self) -> datetime | None:
        """When it last became done; its creation if it began so; None while it is not."""
        if not self.is_done:
            return None
        entries = [
            move.at
            for move in self.moves
            if move.field == "status" and STATES[str(move.after)][1] == "done" != STATES[str(move.before)][1]
        ]
        return entries[-1] if entries else self.created

    @property
    def started(self) -> datetime | None:
        """When work on it first began; its creation if it began so; None while nobody did any."""
        if STATES[self.state][1] == "indeterminate":
            return self.created
        return next(
            (
                move.at
                for move in self.moves
                if move.field == "status" and STATES[str(move.after)][1] == "indeterminate"
            ),
            None,
        )

    @property
    def spent(self) -> dict[str, float]:
        """Seconds from the start of work to the finish: worked on, waiting, anything else; empty without both."""
        begin, end = self.started, self.finished
        if begin is None or end is None or begin > end:
            return {}
        found = {"active": 0.0, "waiting": 0.0, "queued": 0.0}
        turns = [(self.created, self.state)]
        turns += [(move.at, str(move.after)) for move in self.moves if move.field == "status"]
        for (since, state), (until, _) in pairwise([*turns, (max(end, turns[-1][0]), "")]):
            seconds = (min(max(until, begin), end) - min(max(since, begin), end)).total_seconds()
            found["active" if state in WORKED else "waiting" if state in WAITED else "queued"] += seconds
        return found

    @property
    def was_reopened(self) -> bool:
        """Whether it was done and taken up again."""
        return any(
            move.field == "status" and STATES[str(move.before)][1] == "done" != STATES[str(move.after)][1]
            for move in self.moves
        )

    def held_by(self, moment: datetime | None = None) -> Tracker | None:
        """The assignee at a moment, or now."""
        holder = self.assignee
        for move in self.moves:
            if move.field == "assignee" and (moment is None or move.at <= moment):
                holder = move.after if isinstance(move.after, Tracker) else None
        return holder
