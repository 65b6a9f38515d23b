"""A Jira Cloud of sixty lines: projects, status, `/search/jql` and the bulk changelog, in the page sizes asked for.

`issues` are as Jira gives them, each with its history under `histories`; `trouble(request)` may answer instead.
"""

import datetime as dt
import re
from collections.abc import Callable, Sequence

from tests.fake_server import Reply, Request

STATUSES = [
    {"id": "1", "name": "Open", "statusCategory": {"key": "new"}},
    {"id": "2", "name": "Doing", "statusCategory": {"key": "indeterminate"}},
    {"id": "3", "name": "Finished", "statusCategory": {"key": "done"}},
]
JQL = re.compile(
    r'project (?:= ("\w+")|in \(("\w+"(?:, "\w+")*)\))(?: and updated >= "([\d-]+ [\d:]+)")?'
    r" order by updated (asc|desc)"
)


def issue(number: int, project: str = "AB", **fields: object) -> dict:
    """An issue with nothing special about it."""
    usual = {
        "project": {"key": project},
        "issuetype": {"name": "Story", "subtask": False, "hierarchyLevel": 0},
        "status": {"name": "Finished", "statusCategory": {"key": "done"}},
        "resolution": {"name": "Done"},
        "created": "2024-01-01T10:00:00.000+0200",
        "resolutiondate": "2024-01-02T10:00:00.000+0200",
        "updated": f"2024-01-{number % 28 + 1:02d}T10:00:00.{number % 1000:03d}+0200",
        "assignee": {"accountId": "acc-1", "accountType": "atlassian", "displayName": "Ann"},
    }
    return {"id": str(number), "key": f"{project}-{number}", "fields": {**usual, **fields}, "histories": []}


def move(
    number: int, field: str, old: str | None, new: str | None, at: object = "2024-01-02T10:00:00.000+0200"
) -> dict:
    """One entry of a history, with a second item that nobody asked for."""
    others = {"field": "summary", "fieldId": "summary", "from": None, "to": None, "toString": "text"}
    item = {"field": field, "fieldId": field, "from": old, "to": new, "fromString": "x", "toString": "y"}
    return {"id": str(number), "created": at, "author": {"accountId": "acc-9"}, "items": [others, item]}


def jira(
    issues: Sequence[dict],
    page: int = 100,
    trouble: Callable[[Request], Reply | None] = lambda _: None,
    statuses: Sequence = STATUSES,
) -> Callable[[Request], Reply | list | dict]:
    """The answers of a Jira with these issues."""
    keys = sorted({each["fields"]["project"]["key"] for each in issues})

    def updated(each: dict) -> dt.datetime:
        return dt.datetime.fromisoformat(each["fields"]["updated"])

    def part(items: list, body: dict, name: str, size: int) -> dict:
        start = int(body.get("nextPageToken") or 0)
        end = start + min(size, body["maxResults"])
        return {name: items[start:end], **({"nextPageToken": str(end)} if end < len(items) else {"isLast": True})}

    def only(fields: dict, asked: list[str]) -> dict:
        return {name: value for name, value in fields.items() if name in asked or "canary" in name}

    def search(body: dict) -> dict | Reply:
        one, several, since, order = JQL.fullmatch(body["jql"]).groups()
        projects = re.findall(r"\w+", one or several)
        if not set(projects) <= set(keys):
            return Reply({"errorMessages": [f"The value '{projects[0]}' does not exist for the field 'project'."]}, 400)
        floor = dt.datetime.fromisoformat((since or "2000-01-01 00:00") + "+00:00")
        mine = [each for each in issues if each["fields"]["project"]["key"] in projects and updated(each) >= floor]
        mine.sort(key=updated, reverse=order == "desc")
        named = [{**each, "fields": only(each["fields"], body["fields"])} for each in mine]
        for each in named:
            del each["histories"]
        return part(named, body, "issues", page)

    def history(body: dict) -> dict:
        asked = [each for each in issues if each["id"] in body["issueIdsOrKeys"]]
        flat = [(each["id"], entry) for each in asked for entry in each["histories"]]
        told = part(flat, body, "issueChangeLogs", page)
        return {
            **told,
            "issueChangeLogs": [{"issueId": one, "changeHistories": [entry]} for one, entry in told["issueChangeLogs"]],
        }

    def answer(request: Request) -> Reply | list | dict:
        if (reply := trouble(request)) is not None:
            return reply
        path, _, query = request.path.partition("?")
        if path == "/rest/api/3/status":
            return list(statuses)
        if path == "/rest/api/3/project/search":
            start = int(re.findall(r"startAt=(\d+)", query)[0])
            return {"values": [{"key": key} for key in keys[start : start + 2]], "isLast": start + 2 >= len(keys)}
        return {"/rest/api/3/search/jql": search, "/rest/api/3/changelog/bulkfetch": history}[path](request.body)

    return answer
