"""The events of tasks as Jira would answer for them: an issue each, and the history of its moves."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orchestration.conformance.case import Event
from sources.systems.jira_answers import moves_in
from sources.systems.jira_rules import Rules

PROJECT = "all"  # the only scope that a case has
CATEGORIES = {
    "to_do": "new",
    "in_progress": "indeterminate",
    "in_review": "indeterminate",
    "blocked": "indeterminate",
    "done": "done",
    "closed": "done",
    "dropped": "done",
    "unclassed": "undefined",
}
RULES = {
    "statuses": {"active": ["in_progress"], "waiting": ["in_review", "blocked"], "cancelled": ["dropped"]},
    "unplanned": {"labels": ["unplanned"]},
    "incidents": {"types": ["Incident"]},
}
TYPES = {"story": "Story", "task": "Task", "bug": "Bug", "epic": "Epic", "subtask": "Sub-task", "incident": "Incident"}
RESOLUTIONS = {"done": "Done", "wont_do": "Won't Do", "cancelled": "Cancelled", "duplicate": "Duplicate"}
Json = dict[str, Any]


class Tasks:
    """The issues of a history, by the name that its events use."""

    def __init__(self, bots: frozenset[str]) -> None:
        self._bots = bots
        self._issues: dict[str, Json] = {}
        self._histories: dict[str, list[Json]] = {}
        self._rules = Rules(RULES)
        self._statuses = self._rules.classes.by_id(_status(name) for name in CATEGORIES)

    @property
    def records(self) -> list[Json]:
        """The records of the stream `issues`, their moves told as Jira's reader tells them."""
        found = [(dict(issue), self._histories[name]) for name, issue in self._issues.items()]
        for issue, history in found:
            self._rules.apply(issue, list(moves_in(history, self._statuses)))
        return [issue for issue, _ in found]

    def _task_created(self, event: Event) -> None:
        of = event.of
        status, kind = of.get("status", "to_do"), of.get("type", "task")
        fields = {
            "project": {"key": PROJECT},
            "issuetype": {"name": TYPES[kind], "subtask": kind == "subtask"},
            "status": _status(status),
            "resolution": None,
            "created": _at(event.at),
            "resolutiondate": None,
            "updated": _at(event.at),
            "assignee": self._account(of.get("assignee")),
            "labels": ["unplanned"] if of.get("unplanned") else [],
            "components": [{"name": of["service"]}] if "service" in of else [],
        }
        self._issues[of["task"]] = {"id": str(len(self._histories) + 1), "fields": fields}
        self._histories[of["task"]] = []

    def _task_moved(self, event: Event) -> None:
        fields, to = self._touched(event), event.of["to"]
        before = fields["status"]["name"]
        fields["status"] = _status(to)
        is_done = CATEGORIES[to] == "done"
        resolution = event.of.get("resolution", "done") if is_done else "none"
        fields["resolution"] = {"name": RESOLUTIONS[resolution]} if resolution != "none" else None
        fields["resolutiondate"] = _at(event.at) if resolution != "none" else None
        if event.of.get("in_history", True):
            self._note(event, "status", before, to)

    def _task_assigned(self, event: Event) -> None:
        fields, to = self._touched(event), event.of["to"]
        before = (fields["assignee"] or {}).get("accountId")
        fields["assignee"] = self._account(to)
        self._note(event, "assignee", before, to)

    def _task_deleted(self, event: Event) -> None:
        del self._issues[event.of["task"]]

    def _touched(self, event: Event) -> Json:
        fields: Json = self._issues[event.of["task"]]["fields"]
        fields["updated"] = max(fields["updated"], _at(event.at))
        return fields

    def _note(self, event: Event, field: str, before: str | None, to: str | None) -> None:
        history = self._histories[event.of["task"]]
        number = f"{self._issues[event.of['task']]['id']}{len(history):04}"
        item = {"fieldId": field, "from": before, "to": to}
        history.append({"id": number, "created": _at(event.at), "items": [item]})

    def _account(self, name: str | None) -> Json | None:
        kind = "app" if name in self._bots else "atlassian"
        return None if name is None else {"accountId": name, "accountType": kind}


def _status(name: str) -> Json:
    return {"id": name, "name": name, "statusCategory": {"key": CATEGORIES[name]}}


def _at(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat()
