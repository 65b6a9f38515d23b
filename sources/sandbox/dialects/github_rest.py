"""GitHub's REST: repositories, with its paging by Link header and its conditional answers."""

from __future__ import annotations

import hashlib

import orjson
from starlette.requests import Request
from starlette.responses import Response

from sources.sandbox.dialects.github_hub import GitHub
from sources.sandbox.places import REPOSITORIES

JSON = "application/json; charset=utf-8"


def repositories(github: GitHub, request: Request) -> Response:
    """GET /orgs/{organisation}/repos"""
    if request.path_params["owner"].casefold() != github.company.settings.organisation.casefold():
        return missing(github)
    per = min(100, max(1, _whole(request.query_params.get("per_page"), 30)))
    page = max(1, _whole(request.query_params.get("page"), 1))
    shown = [github.described(name) for name in REPOSITORIES if name not in github.gone]
    part = shown[(page - 1) * per : page * per]
    last = max(1, -(-len(shown) // per))
    steps = {"next": page + 1, "last": last} if page < last else {"prev": page - 1, "first": 1} if page > 1 else {}
    here = request.url.remove_query_params("page")
    link = ", ".join(f'<{here.include_query_params(page=to)}>; rel="{step}"' for step, to in steps.items())
    return answer(github, request, part, {"link": link} if link else {})


def repository(github: GitHub, request: Request) -> Response:
    """GET /repos/{owner}/{name}"""
    known = github.known(request.path_params["owner"], request.path_params["name"])
    return answer(github, request, github.described(known), {}) if known else missing(github)


def missing(github: GitHub) -> Response:
    """404, as GitHub words it."""
    body = {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}
    return Response(orjson.dumps(body), 404, github.headers(), JSON)


def answer(github: GitHub, request: Request, body: object, headers: dict[str, str]) -> Response:
    """A body with its ETag, or 304 if the asker has it already."""
    raw = orjson.dumps(body)
    tag = f'W/"{hashlib.sha256(raw).hexdigest()}"'
    told = {**github.headers(), **headers, "etag": tag, "cache-control": "private, max-age=60, s-maxage=60"}
    if request.headers.get("if-none-match") == tag:
        return Response(None, 304, told)
    github.spend(1)
    return Response(raw, 200, told, JSON)


def _whole(text: str | None, otherwise: int) -> int:
    return int(text) if text and text.isdigit() else otherwise
