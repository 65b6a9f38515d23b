"""What is taken out of Jira's answers, each with its own error where it is not as promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sources.errors import Malformed
from sources.minimise import lookup
from sources.stream import Json

FOLLOWED = ("status", "assignee")


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a status: its category, its class, and whether quorum.yaml or a plain category says so."""

    category: str
    status_class: str | None = None
    is_mapped: bool | None = None  # None: no classes are configured


GONE = Status("undefined")  # a status that was deleted, and still stands in histories


def projects_in(body: Json, path: str) -> tuple[list[str], bool]:
    """The keys of a page of projects, and whether it is the last one."""
    values = lookup(body, "values")
    if not isinstance(values, list):
        raise Malformed("not a list of projects", path) from None
    return [str(lookup(project, "key")) for project in values], not values or lookup(body, "isLast") is not False


def issues_in(body: Json, path: str) -> list[dict[str, Json]]:
    """The issues of a page of a search."""
    issues = lookup(body, "issues")
    if not isinstance(issues, list) or not all(isinstance(issue, dict) for issue in issues):
        raise Malformed("not a list of issues", path) from None
    return issues


def updates_in(body: Json, path: str) -> list[tuple[str, datetime]]:
    """Project and update of each issue of a page of a search."""
    return [
        (str(lookup(issue, "fields.project.key")).upper(), moment(lookup(issue, "fields.updated")))
        for issue in issues_in(body, path)
    ]


def statuses_in(body: Json, path: str) -> list[Json]:
    """The statuses of a site."""
    if not isinstance(body, list):
        raise Malformed("not a list of status", path) from None
    return body


def histories_in(body: Json, path: str) -> Iterator[tuple[str, list[Json]]]:
    """Each issue's id with the entries of its history on this page."""
    logs = lookup(body, "issueChangeLogs")
    if not isinstance(logs, list):
        raise Malformed("not a list of histories", path) from None
    return ((str(lookup(log, "issueId")), lookup(log, "changeHistories") or []) for log in logs)


def moves_in(histories: list[Json], statuses: Mapping[str, Status]) -> Iterator[dict[str, Any]]:
    """The moves of one issue that are followed, as the records of a stream."""
    for history in histories:
        number, at = lookup(history, "id"), lookup(history, "created")
        for place, item in enumerate(lookup(history, "items") or []):
            field = lookup(item, "fieldId") or lookup(item, "field")
            if field in FOLLOWED:
                move = {"id": f"{number}.{place}", "field": field, "at": at}
                old, new = lookup(item, "from"), lookup(item, "to")
                yield move | (_passage(statuses, old, new) if field == "status" else _handover(old, new))


def _passage(statuses: Mapping[str, Status], old: Json, new: Json) -> dict[str, Any]:
    """From one status to another."""
    left, entered = statuses.get(str(old), GONE), statuses.get(str(new), GONE)
    known = {left.is_mapped, entered.is_mapped}
    return {
        **_handover(None, None),
        "from_category": left.category,
        "to_category": entered.category,
        "from_class": left.status_class,
        "to_class": entered.status_class,
        "is_mapped": None if known == {None} else known == {True},
    }


def _handover(old: Json, new: Json) -> dict[str, Any]:
    """From one assignee to another; nothing of a status."""
    passage = ("from_category", "to_category", "from_class", "to_class", "is_mapped")
    return {**dict.fromkeys(passage), "from_assignee": old, "to_assignee": new}


def moment(value: Json) -> datetime:
    """A time as Jira writes it, in UTC."""
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (TypeError, ValueError):
        raise Malformed("an issue without the time of its update", "/rest/api/3/search/jql") from None
