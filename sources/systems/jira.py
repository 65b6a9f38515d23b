"""Jira Cloud: issues, their moves between statuses and assignees, and incidents.

Stored of an issue: project (to find what was deleted), assignee, class of its type, category and class of its status,
class of its resolution, created, resolved, updated, whether it came unplanned (by the lists of quorum.yaml, if any).
Of its history: when status or assignee changed, from what category and class to what. Of an incident: its service as a
keyed pseudonym, opened, resolved. Not read: summaries, descriptions, comments, attachments, worklogs, sprints,
reporters, who made a move; labels and components only where quorum.yaml has a list for them.

Statuses, types and resolutions have free names; the name is looked at in memory, by the lists below and by
`sources.systems.jira_rules`, and only its class goes on. `sources.systems.jira_pages` tells how it pages.
"""

from __future__ import annotations

from sources.minimise import lookup
from sources.stream import Column, Kind, Record, Stream, System
from sources.systems.jira_pages import JiraReader
from sources.systems.jira_rules import CLASSES

NOBODY = "unknown"  # Jira's account id of a deleted account
TYPES = {
    **dict.fromkeys(("story", "user story", "feature", "new feature", "improvement", "enhancement", "故事"), "story"),
    **dict.fromkeys(("task", "chore", "technical task", "spike", "aufgabe", "tâche", "tarea", "任务"), "task"),
    **dict.fromkeys(("bug", "defect", "fault", "fehler", "bogue", "error", "缺陷", "故障"), "bug"),
    **dict.fromkeys(("epic", "initiative", "épica", "史诗"), "epic"),
    **dict.fromkeys(("sub-task", "subtask", "unteraufgabe", "sous-tâche", "subtarea", "子任务"), "subtask"),
}
FINISHED = (
    "done",
    "fixed",
    "fixed / done",
    "resolved",
    "complete",
    "completed",
    "implemented",
    "delivered",
    "released",
)
DROPPED = (
    *("won't do", "won't fix", "wontfix", "cancelled", "canceled", "declined", "rejected", "abandoned", "obsolete"),
    *("invalid", "not a bug", "not a problem", "not needed", "incomplete", "cannot reproduce", "works as designed"),
)
RESOLUTIONS = {
    **dict.fromkeys(FINISHED, "done"),
    **dict.fromkeys(DROPPED, "cancelled"),
    **dict.fromkeys(("duplicate", "duplicated", "duplicate issue"), "duplicate"),
}
CATEGORIES = {word: word for word in ("new", "indeterminate", "done", "undefined")}
STATUS_CLASSES = {word: word for word in CLASSES}
UNFINISHED = {"cancelled", "duplicate"}


def type_class(record: Record) -> str:
    """By rank (a parent of others is an epic, a part of one a subtask), else by the type's name."""
    kind = lookup(record, "fields.issuetype") or {}
    level = kind.get("hierarchyLevel")
    if kind.get("subtask") is True or (isinstance(level, int) and level < 0):
        return "subtask"
    if isinstance(level, int) and level > 0:
        return "epic"
    return str(kind.get("untranslatedName") or kind.get("name") or "")


def resolution_class(record: Record) -> str | None:
    """By the resolution's name; null while there is none."""
    return resolution(lookup(record, "fields.resolution.name"))


def resolution(name: object) -> str | None:
    """The name of a resolution with a plain apostrophe."""
    return None if name is None else str(name).replace("\N{RIGHT SINGLE QUOTATION MARK}", "'")


def is_real(record: Record) -> bool:
    """Whether an incident was one: not closed as a duplicate or as something else."""
    name = resolution(record["resolution"])
    return name is None or RESOLUTIONS.get(name.strip().lower()) not in UNFINISHED


def assignee(record: Record) -> tuple[str, str] | None:
    """The account that it is assigned to."""
    return known(lookup(record, "fields.assignee.accountId"))


def from_assignee(record: Record) -> tuple[str, str] | None:
    """The account that it was assigned to before."""
    return known(record["from_assignee"])


def to_assignee(record: Record) -> tuple[str, str] | None:
    """The account that it was assigned to then."""
    return known(record["to_assignee"])


def known(account: object) -> tuple[str, str] | None:
    """An account that is somebody's."""
    return ("jira", str(account)) if account and account != NOBODY else None


def assignee_is_bot(record: Record) -> bool:
    """Whether the assignee is an app."""
    return bool(lookup(record, "fields.assignee.accountType") == "app")


ISSUES = Stream(
    name="issues",
    key=("issue_key",),
    within=("project_key", "updated_at"),
    columns=(
        Column("issue_key", Kind.KEY, "id", space="issue"),
        Column("project_key", Kind.SCOPE, "fields.project.key", space="project", required=True),
        Column("issue_type", Kind.CATEGORY, of=type_class, mapping=TYPES),
        Column(
            "status_category",
            Kind.CATEGORY,
            "fields.status.statusCategory.key",
            mapping=CATEGORIES,
            other="undefined",
            required=True,
        ),
        Column("status_class", Kind.CATEGORY, "status_class", mapping=STATUS_CLASSES, other=None),
        Column("resolution", Kind.CATEGORY, of=resolution_class, mapping=RESOLUTIONS),
        Column("created_at", Kind.TIME, "fields.created", required=True),
        Column("resolved_at", Kind.TIME, "fields.resolutiondate"),
        Column("updated_at", Kind.TIME, "fields.updated", required=True),
        Column("assignee_key", Kind.PERSON, of=assignee),
        Column("assignee_is_bot", Kind.FLAG, of=assignee_is_bot, actor=assignee),
        Column("is_unplanned", Kind.FLAG, "is_unplanned"),
    ),
)
TRANSITIONS = Stream(
    name="transitions",
    key=("transition_key",),
    parent=ISSUES,
    at="transitions",
    replaces=("issue_key",),
    columns=(
        Column("transition_key", Kind.KEY, "id", space="transition"),
        Column("issue_key", Kind.KEY, "parent.id", space="issue"),
        Column(
            "field",
            Kind.CATEGORY,
            "field",
            mapping={"status": "status", "assignee": "assignee"},
            other=None,
            required=True,
        ),
        Column("at", Kind.TIME, "at", required=True),
        Column("issue_updated_at", Kind.TIME, "parent.fields.updated"),
        Column("from_category", Kind.CATEGORY, "from_category", mapping=CATEGORIES, other="undefined"),
        Column("to_category", Kind.CATEGORY, "to_category", mapping=CATEGORIES, other="undefined"),
        Column("from_class", Kind.CATEGORY, "from_class", mapping=STATUS_CLASSES, other=None),
        Column("to_class", Kind.CATEGORY, "to_class", mapping=STATUS_CLASSES, other=None),
        Column("is_mapped", Kind.FLAG, "is_mapped"),
        Column("from_assignee_key", Kind.PERSON, of=from_assignee),
        Column("to_assignee_key", Kind.PERSON, of=to_assignee),
    ),
)
INCIDENTS = Stream(
    name="incidents",
    key=("issue_key", "service_key"),
    parent=ISSUES,
    at="incidents",
    replaces=("issue_key",),
    keep=is_real,
    columns=(
        Column("issue_key", Kind.KEY, "parent.id", space="issue"),
        Column("service_key", Kind.SCOPE, "service", space="service"),
        Column("opened_at", Kind.TIME, "parent.fields.created", required=True),
        Column("resolved_at", Kind.TIME, "resolved_at"),
    ),
)
SYSTEM = System(
    name="jira",
    streams=(ISSUES, TRANSITIONS, INCIDENTS),
    reads="issues",
    space="project",
    reader=JiraReader,
    needs=(("url",),),
    takes=("user", "token", "projects", "statuses", "unplanned", "incidents"),
)
