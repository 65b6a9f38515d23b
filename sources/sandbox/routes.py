"""Which path answers what: a thin layer between HTTP and the dialects."""

from __future__ import annotations

import hashlib
from typing import Any

from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from sources.parsing import UNREADABLE, whole, written
from sources.sandbox.dialects import github_rest as rest
from sources.sandbox.dialects.events import lines
from sources.sandbox.dialects.github import graphql
from sources.sandbox.world import World

JSON = "application/json; charset=utf-8"


def answer(body: object, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    """A JSON answer."""
    return Response(written(body), status, headers, JSON)


async def _read(request: Request) -> dict[str, Any] | None:
    """The body of a question, if it is JSON."""
    try:
        found = whole(await request.body())
    except UNREADABLE:
        return None
    return found if isinstance(found, dict) else None


def routes(world: World) -> list[Route]:
    """All that the company answers."""
    return [*_github(world), *_jira(world), *_files(world)]


def _github(world: World) -> list[Route]:
    async def ask(request: Request) -> Response:
        status, body = graphql(world.github, await _read(request))
        return answer(body, status, world.github.headers())

    def told(request: Request, found: rest.Told) -> Response:
        """An answer by REST, or that nothing has changed since the one that is known."""
        body = written(found.body)
        etag = f'W/"{hashlib.sha256(body).hexdigest()}"'
        headers = {**world.github.headers("core"), **found.headers, "etag": etag}
        if request.headers.get("if-none-match") == etag:
            return Response(status_code=304, headers=headers)
        return Response(body, found.status, headers, JSON)

    async def repositories(request: Request) -> Response:
        found = rest.repositories(world.github, request.path_params["owner"], request.query_params)
        return told(request, found)

    async def repository(request: Request) -> Response:
        return told(request, rest.repository(world.github, **request.path_params))

    async def runs(request: Request) -> Response:
        return told(request, rest.runs(world.github, **request.path_params, asked=request.query_params))

    async def workflow_runs(request: Request) -> Response:
        return told(request, rest.workflow_runs(world.github, **request.path_params, asked=request.query_params))

    async def attempt(request: Request) -> Response:
        return told(request, rest.attempt(world.github, **request.path_params))

    async def missing(request: Request) -> Response:
        return told(request, rest.Told(rest.NOT_FOUND, 404))

    one = "/github/repos/{owner}/{name}"
    return [
        Route("/github/graphql", ask, methods=["POST"]),
        Route("/github/orgs/{owner}/repos", repositories),
        Route(one, repository),
        Route(f"{one}/actions/runs", runs),
        Route(f"{one}/actions/workflows/{{file}}/runs", workflow_runs),
        Route(f"{one}/actions/runs/{{id:int}}/attempts/{{place:int}}", attempt),
        Route("/github/{rest:path}", missing),
    ]


def _jira(world: World) -> list[Route]:
    async def search(request: Request) -> Response:
        asked = await _read(request) if request.method == "POST" else dict(request.query_params)
        status, body = world.jira.search(asked or {})
        return answer(body, status)

    async def changelogs(request: Request) -> Response:
        status, body = world.jira.changelogs(await _read(request) or {})
        return answer(body, status)

    async def statuses(_request: Request) -> Response:
        return answer(world.jira.statuses())

    async def projects(request: Request) -> Response:
        asked = request.query_params
        return answer(world.jira.projects(int(asked.get("startAt") or 0), int(asked.get("maxResults") or 50)))

    root = "/jira/rest/api/3"
    return [
        Route(f"{root}/search/jql", search, methods=["GET", "POST"]),
        Route(f"{root}/changelog/bulkfetch", changelogs, methods=["POST"]),
        Route(f"{root}/status", statuses),
        Route(f"{root}/project/search", projects),
    ]


def _files(world: World) -> list[Route]:
    async def git(request: Request) -> Response:
        found = world.git.file(request.path_params["path"])
        return FileResponse(found, media_type="application/octet-stream") if found else Response("Not Found", 404)

    async def roster(_request: Request) -> Response:
        return Response(world.company.roster, media_type="application/yaml; charset=utf-8")

    async def events(_request: Request) -> Response:
        return Response(lines(world.company), media_type="application/jsonl; charset=utf-8")

    return [Route("/git/{path:path}", git), Route("/roster.yaml", roster), Route("/events.jsonl", events)]
