"""The events of production as an events file would tell them: deployments that ended, and incidents."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

from orchestration.conformance.case import Event
from orchestration.conformance.changes import Changes
from orchestration.conformance.rollouts import Rollouts
from sources.systems.events_lines import Lines, parse

Json = dict[str, Any]


class Operations:
    """The lines of a history, the last of each deployment and incident."""

    def __init__(self, changes: Changes, rollouts: Rollouts) -> None:
        self._changes = changes
        self._rollouts = rollouts
        self._lines: dict[str, Json] = {}

    @property
    def lines(self) -> Lines:
        """The lines as the reader takes them in."""
        return parse("\n".join(map(json.dumps, self._lines.values())).encode())

    def _deployed(self, event: Event) -> None:
        of = event.of
        if "told_by" in of:  # by another one
            return
        line = {"type": "deployment", "id": of["deployment"], "service": of["service"], "finished_at": _at(event.at)}
        line |= {name: of[name] for name in ("environment", "fixes") if name in of}
        line["status"] = of.get("status", "success")
        if "by" in of:
            line["by"] = f"github:{of['by']}"
        if "change" in of:
            line |= self._changes.merged_as(of["change"])
        if "names" in of:
            line["changes"] = [self._changes.full_name(name) for name in of["names"]]
        self._lines[of["deployment"]] = line

    def _incident_opened(self, event: Event) -> None:
        of = event.of
        line = {"type": "incident", "id": of["incident"], "service": of["service"], "opened_at": _at(event.at)}
        self._lines[of["incident"]] = line | (
            {"caused_by": self._rollouts.known_as(of["caused_by"])} if "caused_by" in of else {}
        )

    def _incident_resolved(self, event: Event) -> None:
        self._lines[event.of["incident"]]["resolved_at"] = _at(event.at)


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
