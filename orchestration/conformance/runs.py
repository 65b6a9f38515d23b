"""The events of workflows as GitHub Actions would answer for them: an attempt of a run each."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orchestration.conformance.case import Event
from orchestration.conformance.changes import BRANCH, REPOSITORY

EVENTS = {"change": "pull_request", "push": "push", "manual": "workflow_dispatch", "schedule": "schedule"}
Json = dict[str, Any]


class Runs:
    """The attempts of a history, a record each."""

    def __init__(self, bots: frozenset[str]) -> None:
        self._bots = bots
        self._attempts: dict[tuple[str, int], Json] = {}
        self._created: dict[str, str] = {}  # a run is as old as its first attempt

    @property
    def records(self) -> list[Json]:
        """The records of the stream `runs`."""
        return list(self._attempts.values())

    def _run_ended(self, event: Event) -> None:
        of, attempt = event.of, event.of.get("attempt", 1)
        started = _at(datetime.fromisoformat(of["started"]))
        self._attempts[of["run"], attempt] = {
            "id": of["run"],
            "run_attempt": attempt,
            "repository": {"name": REPOSITORY, "branch": BRANCH},
            "workflow_id": of.get("workflow", "checks"),
            "triggering_actor": {"login": of["by"], "type": "Bot" if of["by"] in self._bots else "User"},
            "event": EVENTS[of.get("event", "change")],
            "status": "completed",
            "conclusion": of.get("conclusion", "success"),
            "head_branch": of.get("branch", BRANCH),
            "created_at": self._created.setdefault(of["run"], started),
            "run_started_at": started,
            "updated_at": _at(event.at),
            "first_job": _at(datetime.fromisoformat(of["first_job"])) if "first_job" in of else None,
        }


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
