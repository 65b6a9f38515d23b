"""What is taken out of Jira's answers, each with its own error where it is not as promised."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sources.errors import Malformed
from sources.minimise import lookup
from sources.stream import Json

FOLLOWED = ("status", "assignee")


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


def categories_in(statuses: Json, path: str) -> dict[str, str]:
    """The category of each status by its id."""
    if not isinstance(statuses, list):
        raise Malformed("not a list of status", path) from None
    return {str(lookup(status, "id")): str(lookup(status, "statusCategory.key")) for status in statuses}


def histories_in(body: Json, path: str) -> Iterator[tuple[str, list[Json]]]:
    """Each issue's id with the entries of its history on this page."""
    logs = lookup(body, "issueChangeLogs")
    if not isinstance(logs, list):
        raise Malformed("not a list of histories", path) from None
    return ((str(lookup(log, "issueId")), lookup(log, "changeHistories") or []) for log in logs)


def moves_in(histories: list[Json], categories: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The moves of one issue that are followed, as the records of a stream."""
    for history in histories:
        number, at = lookup(history, "id"), lookup(history, "created")
        for place, item in enumerate(lookup(history, "items") or []):
            field = lookup(item, "fieldId") or lookup(item, "field")
            if field not in FOLLOWED:
                continue
            old, new = lookup(item, "from"), lookup(item, "to")
            is_status = field == "status"
            yield {
                "id": f"{number}.{place}",
                "field": field,
                "at": at,
                "from_category": categories.get(str(old), "undefined") if is_status else None,
                "to_category": categories.get(str(new), "undefined") if is_status else None,
                "from_assignee": None if is_status else old,
                "to_assignee": None if is_status else new,
            }


def moment(value: Json) -> datetime:
    """A time as Jira writes it, in UTC."""
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (TypeError, ValueError):
        raise Malformed("an issue without the time of its update", "/rest/api/3/search/jql") from None
