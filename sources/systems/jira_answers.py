"""What is taken out of Jira's answers, each with its own error where it is not as promised."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sources.errors import Malformed
from sources.minimise import lookup
from sources.parsing import Parse, shaped
from sources.stream import Json

FOLLOWED = ("status", "assignee")
STATUS = ("id", "name", "untranslatedName", "statusCategory.key")
SHOWN = (  # all that is looked at of an issue's fields, beside what the rules of quorum.yaml name
    *("project.key", "issuetype.name", "issuetype.untranslatedName", "issuetype.subtask", "issuetype.hierarchyLevel"),
    *(f"status.{path}" for path in STATUS),
    *("resolution.name", "created", "resolutiondate", "updated", "assignee.accountId", "assignee.accountType"),
)
FIELDS = tuple(dict.fromkeys(path.partition(".")[0] for path in SHOWN))
MOVED = ("id", "created", *(f"items[].{name}" for name in ("fieldId", "field", "from", "to")))
projects_parsed = shaped("isLast", "values[].key")
statuses_parsed = shaped(*(f"[].{path}" for path in STATUS))
histories_parsed = shaped(
    "nextPageToken", "issueChangeLogs[].issueId", *(f"issueChangeLogs[].changeHistories[].{path}" for path in MOVED)
)


@dataclass(frozen=True, slots=True)
class Status:
    """What is known of a status: its category, its class, and whether quorum.yaml or a plain category says so."""

    category: str | None
    status_class: str | None = None
    is_mapped: bool | None = None  # None: no classes are configured


GONE = Status("undefined")  # a status that was deleted, and still stands in histories
HANDOVER = (Status(None), Status(None))  # between assignees: nothing of a status


def issues_parsed(more: Iterable[str]) -> Parse:
    """A page of a search, its issues with these fields beside those of all."""
    return shaped("nextPageToken", "issues[].id", *(f"issues[].fields.{path}" for path in (*SHOWN, *more)))


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
        if not isinstance(history, dict):
            continue
        number, at = history.get("id"), history.get("created")
        for place, item in enumerate(history.get("items") or []):
            field = (item.get("fieldId") or item.get("field")) if isinstance(item, dict) else None
            if field not in FOLLOWED:
                continue
            old, new, is_passage = item.get("from"), item.get("to"), field == "status"
            left, entered = (statuses.get(str(old), GONE), statuses.get(str(new), GONE)) if is_passage else HANDOVER
            yield {
                "id": f"{number}.{place}",
                "field": field,
                "at": at,
                "from_category": left.category,
                "to_category": entered.category,
                "from_class": left.status_class,
                "to_class": entered.status_class,
                "is_mapped": _both(left.is_mapped, entered.is_mapped),
                "from_assignee": None if is_passage else old,
                "to_assignee": None if is_passage else new,
            }


def _both(one: bool | None, other: bool | None) -> bool | None:
    """Whether both are true; None if nothing is known of either."""
    return None if one is other is None else one is other is True


def moment(value: Json) -> datetime:
    """A time as Jira writes it, in UTC."""
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (TypeError, ValueError):
        raise Malformed("an issue without the time of its update", "/rest/api/3/search/jql") from None
