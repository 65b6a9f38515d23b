"""Jira Cloud: search with a token a page, changelogs in bulk, states, projects."""

from __future__ import annotations

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections import defaultdict
from operator import attrgetter

from sources.sandbox.company import Company
from sources.sandbox.dialects import jira_objects as shown
from sources.sandbox.dialects.jira_objects import Thing
from sources.sandbox.dialects.jql import Query, Refusal, parsed
from sources.sandbox.people import Tracker
from sources.sandbox.places import PROJECTS
from sources.sandbox.tasks import STATES, Issue, Move

MOST_ISSUES, MOST_IDS = 100, 1000
MOST_HISTORIES = 10_000
NAVIGABLE = ("summary", "issuetype", "status", "assignee", "created", "updated", "resolution", "project")


class Jira:
    """One company's Jira."""

    def __init__(self, company: Company, web: str) -> None:
        self.company = company
        self.web = web
        self.overlap = 0
        self.gone: frozenset[str] = frozenset()
        self._by_name: dict[str, Issue] | None = None
        self._lead: Tracker = company.people[0].trackers[0]
        self._last: tuple[Query | None, list[Issue]] = None, []

    def search(self, asked: Thing) -> tuple[int, Thing]:
        """POST /rest/api/3/search/jql; by GET the same words come as parameters."""
        try:
            query = parsed(str(asked.get("jql") or ""))
        except Refusal as refusal:
            return 400, {"errorMessages": [str(refusal)], "errors": {}}
        if query.projects is None and not query.tests:
            return 400, {"errorMessages": ["Unbounded JQL queries are not allowed here."], "errors": {}}
        unknown = sorted((query.projects or set()) - set(PROJECTS) | (query.projects or set()) & self.gone)
        if unknown:
            return 400, {"errorMessages": [f"The value '{unknown[0]}' does not exist for the field 'project'."]}
        listed = self._listed(query)
        start = _offset(asked.get("nextPageToken"))
        most = max(1, min(int(asked.get("maxResults") or 50), MOST_ISSUES))
        first = max(0, start - min(self.overlap, most - 1)) if start else start
        part = listed[first : start + most]
        names = asked.get("fields") or ["id"]
        names = names.split(",") if isinstance(names, str) else list(names)
        last = start + most >= len(listed)
        body: Thing = {"issues": [self._issue(issue, names) for issue in part], "isLast": last}
        return 200, body if last else {**body, "nextPageToken": _token(start + most)}

    def _listed(self, query: Query) -> list[Issue]:
        """The issues of a query, kept for its next page."""
        if self._last[0] != query:
            self._last = query, self._sorted(query)
        return self._last[1]

    def _sorted(self, query: Query) -> list[Issue]:
        issues = self.company.issues
        keys = (
            sorted(query.projects) if query.projects is not None else [key for key in PROJECTS if key not in self.gone]
        )
        found = [issue for key in keys for issue in issues[key] if query.takes(issue)]
        for name, down in reversed(query.order or [("created", True)]):
            if name == "id":
                found.sort(key=lambda issue: int(issue.id), reverse=down)
            elif name == "key":
                found.sort(key=lambda issue: (issue.project, issue.number), reverse=down)
            else:
                found.sort(key=attrgetter(name), reverse=down)
        return found

    def _issue(self, issue: Issue, names: list[str]) -> Thing:
        told: Thing = {"id": issue.id}
        if names == ["id"]:
            return told
        told |= {"key": issue.key, "self": f"{self.web}/rest/api/3/issue/{issue.id}", "expand": "operations"}
        whole = shown.fields(issue, self.web, self._lead)
        if "*all" in names:
            return {**told, "fields": whole}
        wanted = [*NAVIGABLE, *names] if "*navigable" in names else names
        return {**told, "fields": {name: whole[name] for name in dict.fromkeys(wanted) if name in whole}}

    def changelogs(self, asked: Thing) -> tuple[int, Thing]:
        """POST /rest/api/3/changelog/bulkfetch"""
        named = asked.get("issueIdsOrKeys")
        if not isinstance(named, list) or not 1 <= len(named) <= MOST_IDS:
            return 400, {"errorMessages": [f"issueIdsOrKeys must hold 1 to {MOST_IDS} issues."], "errors": {}}
        wanted = asked.get("fieldIds")
        lines = [
            (issue, at, move)
            for issue in filter(None, (self._named().get(str(name)) for name in dict.fromkeys(named)))
            for at, move in enumerate(issue.moves)
            if not wanted or move.field in wanted
        ]
        start = _offset(asked.get("nextPageToken"))
        most = max(1, min(int(asked.get("maxResults") or 1000), MOST_HISTORIES))
        end = start + most
        body: Thing = {"issueChangeLogs": self._grouped(lines[max(0, start - self.overlap) : end])}
        return 200, {**body, "nextPageToken": _token(end)} if end < len(lines) else body

    def _grouped(self, lines: list[tuple[Issue, int, Move]]) -> list[Thing]:
        found: dict[str, list[Thing]] = defaultdict(list)
        for issue, at, move in lines:
            found[issue.id].append(shown.history(issue, move, at, self.web))
        return [{"issueId": id, "changeHistories": histories} for id, histories in found.items()]

    def _named(self) -> dict[str, Issue]:
        if self._by_name is None:
            everything = [issue for listed in self.company.issues.values() for issue in listed]
            self._by_name = {name: issue for issue in everything for name in (issue.id, issue.key)}
        return self._by_name

    def statuses(self) -> list[Thing]:
        """GET /rest/api/3/status"""
        return [shown.status(name, self.web) for name in STATES]

    def projects(self, start: int, most: int) -> Thing:
        """GET /rest/api/3/project/search"""
        keys = [key for key in PROJECTS if key not in self.gone]
        end = start + max(1, min(most, 100))
        here = f"{self.web}/rest/api/3/project/search"
        body = {
            "self": here, "maxResults": end - start, "startAt": start, "total": len(keys), "isLast": end >= len(keys),
            "values": [shown.project(key, self.web, self._lead) for key in keys[start:end]],
        }  # fmt: skip
        return body if end >= len(keys) else {**body, "nextPage": f"{here}?startAt={end}&maxResults={end - start}"}


def _token(offset: int) -> str:
    return urlsafe_b64encode(f"page:{offset}".encode()).decode()


def _offset(token: object) -> int:
    if not token:
        return 0
    try:
        return int(urlsafe_b64decode(str(token)).decode().removeprefix("page:"))
    except ValueError:
        return 0
