"""GitHub's GraphQL: repositories and their changes, paged by what a cursor holds, so that a page never moves."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sources.sandbox.dialects.github_deployments import deployment, deployments, releases
from sources.sandbox.dialects.github_hub import GitHub, place
from sources.sandbox.dialects.github_objects import Thing, connection, page_info, pull, size, unpacked, when
from sources.sandbox.dialects.limits import cost
from sources.sandbox.dialects.selection import Problem, compiled, project
from sources.sandbox.places import REPOSITORIES
from sources.sandbox.work import Change

FIELDS = {"CREATED_AT": "created", "UPDATED_AT": "updated"}


@dataclass(frozen=True, slots=True)
class Listed:
    """Changes in ascending order of a field, and whether they are read from its end."""

    changes: list[Change]
    field: str
    down: bool


def graphql(github: GitHub, question: object) -> tuple[int, Thing]:
    """The answer to a question: status and body."""
    if not isinstance(question, dict) or not isinstance(question.get("query"), str):
        return 400, {"message": "A query attribute must be specified and must be a string."}
    try:
        asked = compiled(question["query"])
        variables = {**asked.defaults, **(question.get("variables") or {})}
        costs = cost(asked.fields, variables)
        github.spend(costs.points)
        root = {
            "__typename": "Query",
            "organization": lambda wanted: _organization(github, wanted),
            "repository": lambda wanted: _found(github, wanted),
            "nodes": lambda wanted: [_suite(github, id) for id in wanted["ids"]],
            "node": lambda wanted: _node(github, wanted.get("id")),
            "viewer": None,
            "rateLimit": github.rate(costs),
        }
        return 200, {"data": project(root, asked.fields, variables)}
    except Problem as problem:
        missing = {"data": {problem.path[0]: None}} if problem.kind == "NOT_FOUND" else {}
        return 200, {**missing, "errors": [problem.body]}


def _suite(github: GitHub, id: str) -> Thing:
    """A suite with the jobs of its run, the only nodes that are asked for by their ids."""
    run = github.of_suite(id)
    if run is None:
        message = f"Could not resolve to a node with the global id of '{id}'."
        raise Problem(message, "NOT_FOUND", ("nodes",))
    jobs = [{"__typename": "CheckRun", "id": f"CR_{at}", "startedAt": when(at)} for at in run.jobs()]
    return {"__typename": "CheckSuite", "id": id, "checkRuns": connection(jobs, dict, "checkRuns")}


def _organization(github: GitHub, asked: Mapping[str, Any]) -> Thing:
    login = asked.get("login")
    if str(login).casefold() != github.company.settings.organisation.casefold():
        message = f"Could not resolve to an Organization with the login of '{login}'."
        raise Problem(message, "NOT_FOUND", ("organization",))
    return _owner(github)


def _found(github: GitHub, asked: Mapping[str, Any]) -> Thing:
    owner, name = asked.get("owner"), asked.get("name")
    known = github.known(owner, name)
    if known is None:
        message = f"Could not resolve to a Repository with the name '{owner}/{name}'."
        raise Problem(message, "NOT_FOUND", ("repository",))
    return _repository(github, known)


def _node(github: GitHub, id: object) -> Thing:
    """A change or a deployment by its id."""
    if (found := deployment(github, str(id))) is not None:
        return found
    for name, changes in github.company.changes.items():
        for change in changes:
            if f"PR_kw{change.id}" == id and name not in github.gone:
                return pull(change, _repository(github, name))
    raise Problem(f"Could not resolve to a node with the global id of '{id}'", "NOT_FOUND", ("node",))


def _repository(github: GitHub, name: str) -> Thing:
    thing = {**github.described(name), "owner": _owner(github)}
    thing["pullRequests"] = lambda asked: _pulls(github, name, thing, asked)
    thing["deployments"] = lambda asked: deployments(github, name, asked)
    thing["releases"] = lambda asked: releases(github, name, asked)
    thing["pullRequest"] = lambda asked: _pull(github, name, thing, asked)
    return thing


def _owner(github: GitHub) -> Thing:
    login = github.company.settings.organisation
    seen = [name for name in REPOSITORIES if name not in github.gone]
    return {
        "__typename": "Organization", "login": login, "url": f"{github.web}/{login}", "avatarUrl": "",
        "resourcePath": f"/{login}", "id": "O_kgDOquo", "databaseId": 77, "name": login, "email": None,
        "repositories": connection(seen, lambda name: _repository(github, name), "repositories"),
    }  # fmt: skip


def _pull(github: GitHub, name: str, repository: Thing, asked: Mapping[str, Any]) -> Thing:
    wanted = asked.get("number")
    for change in github.company.changes[name]:
        if change.number == wanted:
            return pull(change, repository)
    message = f"Could not resolve to a PullRequest with the number of {wanted}."
    raise Problem(message, "NOT_FOUND", ("repository", "pullRequest"))


def _pulls(github: GitHub, name: str, repository: Thing, asked: Thing) -> Thing:
    first = size(asked, "pullRequests")
    order = asked.get("orderBy") or {"field": "CREATED_AT", "direction": "ASC"}
    field, down = FIELDS[order["field"]], order["direction"] == "DESC"
    listed = github.order(name, field)
    if states := asked.get("states"):
        wanted = set(states) if isinstance(states, list) else {states}
        listed = [change for change in listed if _state(change) in wanted]
    start, end = _window(Listed(listed, field, down), asked.get("after"), first, github.overlap)
    part = listed[start:end][:: -1 if down else 1]
    more = start > 0 if down else end < len(listed)
    ends = [place(change, field) for change in part]
    return {
        "__typename": "Connection", "totalCount": len(listed), "nodes": [pull(one, repository) for one in part],
        "pageInfo": page_info(bool(asked.get("after")), more, ends),
    }  # fmt: skip


def _window(listed: Listed, after: str | None, first: int, again: int) -> tuple[int, int]:
    """From where to where a page reaches in the ascending list, some of the last page repeated on demand."""

    def key(change: Change) -> str:
        return place(change, listed.field)

    again = min(again, first - 1) if after else 0
    if listed.down:
        end = len(listed.changes)
        if after:
            end = min(end, bisect_left(listed.changes, unpacked(after), key=key) + again)
        return max(0, end - first), end
    start = max(0, bisect_right(listed.changes, unpacked(after), key=key) - again) if after else 0
    return start, start + first


def _state(change: Change) -> str:
    return "MERGED" if change.merged else "CLOSED" if change.closed else "OPEN"
