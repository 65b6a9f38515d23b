"""The company's issues as Jira's objects: all that Jira tells, names, addresses, avatars and texts included."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import Any

from sources.sandbox.chance import number, token
from sources.sandbox.people import Tracker
from sources.sandbox.tasks import STATES, Issue, Move

Thing = dict[str, Any]
CATEGORIES = {
    "new": (2, "To Do", "blue-gray"),
    "indeterminate": (4, "In Progress", "yellow"),
    "done": (3, "Done", "green"),
}
TYPES = {
    "Epic": ("10000", 1), "Story": ("10001", 0), "Task": ("10002", 0), "Sub-task": ("10003", -1), "Bug": ("10004", 0),
    "Spike": ("10005", 0), "Incident": ("10006", 0),
}  # fmt: skip
RESOLUTIONS = {"Done": "10000", "Won't Do": "10001", "Duplicate": "10002", "Fixed": "1"}
POINTS = "customfield_10016"
SIZES = ("48x48", "24x24", "16x16", "32x32")


def when(moment: datetime | None, key: str) -> str | None:
    """A moment as Jira writes it; the milliseconds mean nothing."""
    return f"{moment.isoformat()}.{int(key[-3:]):03d}+0000" if moment else None


@lru_cache(maxsize=1024)
def user(tracker: Tracker | None, web: str) -> Thing | None:
    """Somebody on Jira."""
    if tracker is None:
        return None
    avatar = f"https://avatar.jira.example/initials/{tracker.account[7:]}"
    return {
        "self": f"{web}/rest/api/3/user?accountId={tracker.account}", "accountId": tracker.account,
        "emailAddress": tracker.email, "displayName": tracker.name, "active": True, "timeZone": "Etc/UTC",
        "accountType": tracker.kind, "avatarUrls": {size: f"{avatar}/{size}" for size in SIZES},
    }  # fmt: skip


@lru_cache(maxsize=1024)
def status(name: str, web: str) -> Thing:
    """A state and its category."""
    id, category = STATES[name]
    number_, shown, color = CATEGORIES[category]
    return {
        "self": f"{web}/rest/api/3/status/{id}", "description": "", "iconUrl": web, "name": name, "id": id,
        "untranslatedName": name,
        "statusCategory": {
            "self": f"{web}/rest/api/3/statuscategory/{number_}", "id": number_, "key": category, "colorName": color,
            "name": shown,
        },
    }  # fmt: skip


@lru_cache(maxsize=1024)
def project(key: str, web: str, lead: Tracker) -> Thing:
    """A project."""
    id = str(number(5, "project", key))
    return {
        "self": f"{web}/rest/api/3/project/{id}", "id": id, "key": key, "name": f"{key.capitalize()} work",
        "uuid": token(32, key), "projectTypeKey": "software", "simplified": False, "style": "classic",
        "isPrivate": False, "expand": "description,lead", "entityId": token(32, key), "properties": {},
        "avatarUrls": {size: f"{web}/avatar/{id}/{size}" for size in SIZES}, "lead": user(lead, web),
    }  # fmt: skip


def fields(issue: Issue, web: str, lead: Tracker) -> Thing:
    """All fields of an issue."""
    kind, level = TYPES[issue.kind]
    holder, done = issue.held_by(), issue.finished
    name = holder.name if holder else "nobody"
    text = {"type": "doc", "version": 1, "content": [{"type": "text", "text": f"Ask {name}."}]}
    resolved = issue.resolution if done else None
    return {
        "summary": f"{name} needs a hand with {token(4, issue.id)}", "description": text,
        "labels": [f"for-{name}", *(["Unplanned"] if issue.unplanned else [])],
        "components": [{"self": web, "id": "1", "name": issue.service}] if issue.service else [],
        "issuetype": {
            "self": f"{web}/rest/api/3/issuetype/{kind}", "id": kind, "name": issue.kind, "description": "",
            "subtask": level < 0, "hierarchyLevel": level, "iconUrl": web, "untranslatedName": issue.kind,
        },
        "project": project(issue.project, web, lead), "status": status(issue.status, web),
        "resolution": {
            "self": f"{web}/rest/api/3/resolution/{RESOLUTIONS[resolved]}", "id": RESOLUTIONS[resolved],
            "name": resolved, "description": "",
        } if resolved else None,
        "resolutiondate": when(done, issue.id), "created": when(issue.created, issue.id),
        "updated": when(issue.updated, issue.id), "statuscategorychangedate": when(issue.updated, issue.id),
        "assignee": user(holder, web), "reporter": user(issue.reporter, web), "creator": user(issue.reporter, web),
        "priority": {"id": "3", "name": "Medium", "self": web, "iconUrl": web}, POINTS: issue.points,
        "parent": _parent(issue, web), "votes": {"votes": 0, "hasVoted": False}, "duedate": None, "versions": [],
        "comment": {"comments": [{"author": user(holder, web), "body": text}], "total": 1, "maxResults": 1},
    }  # fmt: skip


def _parent(issue: Issue, web: str) -> Thing | None:
    epic = issue.epic
    if epic is None:
        return None
    return {
        "id": epic.id,
        "key": epic.key,
        "self": f"{web}/rest/api/3/issue/{epic.id}",
        "fields": {"summary": "An epic"},
    }


def history(issue: Issue, move: Move, at: int, web: str) -> Thing:
    """One line of the changelog."""
    if isinstance(move.before, str) and isinstance(move.after, str):
        item: Thing = {
            "from": STATES[move.before][0], "fromString": move.before, "to": STATES[move.after][0],
            "toString": move.after,
        }  # fmt: skip
    else:
        before, after = (one if isinstance(one, Tracker) else None for one in (move.before, move.after))
        item = {
            "from": before.account if before else None, "fromString": before.name if before else None,
            "to": after.account if after else None, "toString": after.name if after else None,
            "tmpFromAccountId": before.account if before else None, "tmpToAccountId": after.account if after else None,
        }  # fmt: skip
    items = [{"field": move.field, "fieldtype": "jira", "fieldId": move.field, **item}]
    id = f"{issue.id}{at:03d}"
    return {"id": id, "author": user(move.by, web), "created": when(move.at, issue.id), "items": items}
