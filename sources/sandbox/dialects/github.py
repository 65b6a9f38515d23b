"""GitHub: GraphQL for changes, REST for repositories, with its paging, conditional answers and rate limits."""

from __future__ import annotations

import hashlib
import time
from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sources.sandbox.chance import number, token
from sources.sandbox.company import Company
from sources.sandbox.dialects.github_objects import Thing, page_info, pull, size, unpacked, when
from sources.sandbox.dialects.limits import Costs, cost
from sources.sandbox.dialects.selection import Problem, compiled, project
from sources.sandbox.people import Account
from sources.sandbox.places import ARCHIVED, EMPTY, REPOSITORIES, archived_on
from sources.sandbox.work import Change

BUDGET = 5000
FIELDS = {"CREATED_AT": "created", "UPDATED_AT": "updated"}


class GitHub:
    """One company's GitHub."""

    def __init__(self, company: Company, web: str) -> None:
        self.company = company
        self.web = web
        self.overlap = 0  # how many of a page are repeated on the next one
        self.gone: frozenset[str] = frozenset()
        self._used = 0
        self._orders: dict[tuple[str, str], list[Change]] = {}

    def graphql(self, question: Any) -> tuple[int, Thing]:
        """The answer to a question: status and body."""
        if not isinstance(question, dict) or not isinstance(question.get("query"), str):
            return 400, {"message": "A query attribute must be specified and must be a string."}
        try:
            asked = compiled(question["query"])
            variables = {**asked.defaults, **(question.get("variables") or {})}
            costs = cost(asked.fields, variables)
            self._used += costs.points
            root = {
                "__typename": "Query",
                "repository": self._repository,
                "viewer": None,
                "rateLimit": self._rate(costs),
            }
            return 200, {"data": project(root, asked.fields, variables)}
        except Problem as problem:
            missing = problem.kind == "NOT_FOUND"
            return 200, {**({"data": {"repository": None}} if missing else {}), "errors": [problem.body]}

    def _rate(self, costs: Costs) -> Thing:
        left = max(BUDGET - self._used, BUDGET // 5)
        reset = datetime.fromtimestamp(self._reset(), UTC).replace(tzinfo=None)
        return {
            "__typename": "RateLimit", "limit": BUDGET, "cost": costs.points, "remaining": left,
            "used": BUDGET - left, "resetAt": when(reset), "nodeCount": costs.nodes,
        }  # fmt: skip

    def _reset(self) -> int:
        return int(time.time()) // 3600 * 3600 + 3600

    def headers(self) -> dict[str, str]:
        """What GitHub tells about its limits with every answer."""
        left = max(BUDGET - self._used, BUDGET // 5)
        told = {"limit": BUDGET, "remaining": left, "used": BUDGET - left, "reset": self._reset()}
        return {
            **{f"x-ratelimit-{name}": str(value) for name, value in told.items()},
            "x-ratelimit-resource": "core",
            "x-github-request-id": token(20, time.time()),
        }

    def _known(self, owner: object, name: object) -> str | None:
        names = {one.casefold(): one for one in REPOSITORIES}
        found = names.get(str(name).casefold())
        same = str(owner).casefold() == self.company.settings.organisation.casefold()
        return found if same and found not in self.gone else None

    def _repository(self, asked: Mapping[str, Any]) -> Thing:
        owner, name = asked.get("owner"), asked.get("name")
        known = self._known(owner, name)
        if known is None:
            message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
            raise Problem(message, "NOT_FOUND", ("repository",))
        told = self.described(known)
        empty = known == EMPTY
        thing: Thing = {
            "__typename": "Repository", "id": told["node_id"], "databaseId": told["id"], "name": known,
            "nameWithOwner": told["full_name"], "url": told["html_url"], "description": told["description"],
            "isArchived": told["archived"], "isFork": False, "isEmpty": empty, "isPrivate": True, "isDisabled": False,
            "createdAt": told["created_at"], "updatedAt": told["updated_at"], "pushedAt": told["pushed_at"],
            "diskUsage": told["size"], "owner": self._owner(),
            "defaultBranchRef": None if empty else {"__typename": "Ref", "id": "R", "name": "main", "prefix": "refs/heads/"},
        }  # fmt: skip
        thing["pullRequests"] = lambda asked: self._pulls(known, thing, asked)
        thing["pullRequest"] = lambda asked: self._pull(known, thing, asked)
        return thing

    def _owner(self) -> Thing:
        login = self.company.settings.organisation
        return {
            "__typename": "Organization", "login": login, "url": f"{self.web}/{login}", "avatarUrl": "",
            "resourcePath": f"/{login}", "id": "O_kgDOquo", "databaseId": 77, "name": login, "email": None,
        }  # fmt: skip

    def _pull(self, name: str, repository: Thing, asked: Mapping[str, Any]) -> Thing:
        wanted = asked.get("number")
        for change in self.company.changes[name]:
            if change.number == wanted:
                return pull(change, repository)
        raise Problem(f"Could not resolve to a PullRequest with the number of {wanted}.", "NOT_FOUND", ("repository",))

    def _pulls(self, name: str, repository: Thing, asked: Thing) -> Thing:
        first = size(asked, "pullRequests")
        order = asked.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
        field, down = FIELDS[order["field"]], order["direction"] == "DESC"
        listed = self._order(name, field)
        if states := asked.get("states"):
            wanted = set(states) if isinstance(states, list) else {states}
            listed = [change for change in listed if _state(change) in wanted]
        start, end = self._window(listed, field, asked.get("after"), first, down)
        part = listed[start:end][:: -1 if down else 1]
        more = start > 0 if down else end < len(listed)
        ends = [_place(change, field) for change in part]
        return {
            "__typename": "Connection", "totalCount": len(listed), "nodes": [pull(one, repository) for one in part],
            "pageInfo": page_info(bool(asked.get("after")), more, ends),
        }  # fmt: skip

    def _order(self, name: str, field: str) -> list[Change]:
        found = self._orders.get((name, field))
        if found is None:
            found = sorted(self.company.changes[name], key=lambda change: _place(change, field))
            self._orders[name, field] = found
        return found

    def _window(self, listed: list[Change], field: str, after: str | None, first: int, down: bool) -> tuple[int, int]:
        """From where to where a page reaches in the ascending list."""
        again = self.overlap if after else 0
        if down:
            end = len(listed)
            if after:
                end = bisect_left(listed, unpacked(after), key=lambda change: _place(change, field)) + again
            return max(0, end - first - again), end
        start = 0
        if after:
            start = max(0, bisect_right(listed, unpacked(after), key=lambda change: _place(change, field)) - again)
        return start, start + first + again

    def described(self, name: str) -> Thing:
        """A repository as REST tells it."""
        owner = self.company.settings.organisation
        listed = self._order(name, "updated")
        start = datetime(2019, 5, 6, 7, 8, 9)  # noqa: DTZ001
        pushed = when(listed[-1].updated if listed else start)
        full = f"{owner}/{name}"
        at = f"{self.web}/repos/{full}"
        boss = self.company.people[0].accounts[0]
        return {
            "id": number(9, "repository", name), "node_id": f"R_kgDO{token(8, name)}", "name": name, "full_name": full,
            "private": True, "owner": {**person(boss, self.web), "login": owner, "type": "Organization"},
            "html_url": f"{self.web}/{full}", "description": f"Kept by {boss.name}", "fork": False, "url": at,
            "pulls_url": f"{at}/pulls{{/number}}", "created_at": when(start), "updated_at": pushed, "pushed_at": pushed,
            "size": 0 if name == EMPTY else 108 + len(listed), "default_branch": "main", "visibility": "private",
            "archived": name == ARCHIVED and archived_on(self.company.settings.start) < self.company.settings.clock.date(),
            "disabled": False, "language": None, "topics": [], "open_issues_count": 0, "has_issues": True,
            "contributors_url": f"{at}/contributors", "permissions": {"admin": False, "push": False, "pull": True},
        }  # fmt: skip

    def repositories(self, request: Request) -> Response:
        """GET /orgs/{organisation}/repos"""
        if request.path_params["owner"].casefold() != self.company.settings.organisation.casefold():
            return self.missing()
        per = min(100, max(1, _whole(request.query_params.get("per_page"), 30)))
        page = max(1, _whole(request.query_params.get("page"), 1))
        shown = [self.described(name) for name in REPOSITORIES if name not in self.gone]
        part = shown[(page - 1) * per : page * per]
        last = max(1, -(-len(shown) // per))
        steps = {"next": page + 1, "last": last} if page < last else {"prev": page - 1, "first": 1} if page > 1 else {}
        here = request.url.remove_query_params("page")
        link = ", ".join(f'<{here.include_query_params(page=to)}>; rel="{step}"' for step, to in steps.items())
        return self.answer(request, part, {"link": link} if link else {})

    def repository(self, request: Request) -> Response:
        """GET /repos/{owner}/{name}"""
        known = self._known(request.path_params["owner"], request.path_params["name"])
        return self.answer(request, self.described(known), {}) if known else self.missing()

    def missing(self) -> Response:
        """404, as GitHub words it."""
        body = {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}
        return Response(orjson.dumps(body), 404, self.headers(), "application/json; charset=utf-8")

    def answer(self, request: Request, body: Any, headers: dict[str, str]) -> Response:
        """A body with its ETag, or 304 if the asker has it already."""
        raw = orjson.dumps(body)
        tag = f'W/"{hashlib.sha256(raw).hexdigest()}"'
        told = {**self.headers(), **headers, "etag": tag, "cache-control": "private, max-age=60, s-maxage=60"}
        if request.headers.get("if-none-match") == tag:
            return Response(None, 304, told)
        self._used += 1
        return Response(raw, 200, told, "application/json; charset=utf-8")


def person(account: Account, web: str) -> Thing:
    """Somebody as REST tells them."""
    return {
        "login": account.login, "id": account.number, "node_id": account.node, "type": account.kind,
        "avatar_url": f"https://avatars.github.example/u/{account.number}?v=4", "gravatar_id": "",
        "url": f"{web}/users/{account.login}", "html_url": f"{web}/{account.login}", "site_admin": False,
    }  # fmt: skip


def _state(change: Change) -> str:
    return "MERGED" if change.merged else "CLOSED" if change.closed else "OPEN"


def _place(change: Change, field: str) -> str:
    """Where a change stands in an order; what a cursor holds."""
    return f"{getattr(change, field).isoformat()}#{change.number:09d}"


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise
