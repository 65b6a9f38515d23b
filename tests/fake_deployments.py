"""A GitHub of deployments: their statuses, releases, merged changes with their files, and the runs of workflows.

A repository is a dict of lists: `deployments`, `releases`, `pullRequests`, and `runs` by file name. `nested` is how
many statuses and files fit on a first page; `trouble(request)` may answer instead.
"""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence

from tests.fake_github import connection
from tests.fake_server import Reply, Request

LISTS = ("deployments", "releases", "pullRequests")
WORDS = {"CREATED_AT": "createdAt", "UPDATED_AT": "updatedAt"}
SHA = "a" * 40


def at(day: int, hour: int = 12, minute: int = 0) -> str:
    return f"2024-02-{day:02d}T{hour:02d}:{minute:02d}:00Z"


def deployment(number: int, day: int, *states: str, **more: object) -> dict:
    """A deployment of a day, its statuses told oldest first, ten minutes apart."""
    statuses = [{"state": state, "createdAt": at(day, 12, 10 * place)} for place, state in enumerate(states, 1)]
    return {
        "id": f"DE_{number}",
        "databaseId": number,
        "environment": "production",
        "commitOid": SHA,
        "createdAt": at(day),
        "updatedAt": statuses[-1]["createdAt"] if statuses else at(day),
        "creator": {"__typename": "User", "login": "Ann-A"},
        "statuses": statuses[::-1],
        **more,
    }


def release(number: int, day: int, **more: object) -> dict:
    return {
        "id": f"RE_{number}",
        "databaseId": number,
        "tagName": f"v1.{number}",
        "isDraft": False,
        "isPrerelease": False,
        "createdAt": at(day),
        "updatedAt": at(day),
        "publishedAt": at(day, 13),
        "author": {"__typename": "User", "login": "Ann-A"},
        "tagCommit": {"oid": SHA},
        **more,
    }


def change(number: int, day: int, *paths: str, labels: Sequence[str] = ()) -> dict:
    times = {"createdAt": at(day, 8), "updatedAt": at(day)}
    words = {"files": [{"path": path} for path in paths], "labels": {"nodes": [{"name": name} for name in labels]}}
    return {"id": f"PR_{number}", "number": number, **times, **words}


def run(number: int, day: int, **more: object) -> dict:
    user = {"login": "ann-a", "type": "User"}
    times = {"created_at": at(day), "updated_at": at(day, 12, 20)}
    usual = {"id": number, "event": "push", "status": "completed", "conclusion": "success", "head_sha": SHA}
    return {**usual, **times, "actor": user, "triggering_actor": user, **more}


def github(
    repositories: Mapping[str, dict], nested: int = 2, trouble: Callable[[Request], Reply | None] = lambda _: None
) -> Callable[[Request], Reply | dict]:
    """The answers of a GitHub with these repositories."""

    def described(name: str) -> dict:
        newest = {}
        for kind in LISTS:
            by = "updatedAt" if kind == "pullRequests" else "createdAt"
            found = sorted(repositories[name].get(kind, ()), key=lambda one: one[by])[-1:]
            newest[kind] = {"nodes": [{key: one[key] for key in ("id", "createdAt", "updatedAt")} for one in found]}
        return {"nameWithOwner": name, **newest}

    def folded(node: dict) -> dict:
        return {key: connection(node[key], nested, None) for key in ("statuses", "files") if key in node}

    def graphql(body: dict) -> dict:
        asked = body["variables"]
        if "organisation" in asked:
            listed = connection([described(name) for name in repositories], asked["first"], asked["after"])
            return {"data": {"organization": {"repositories": listed}}}
        if "id" in asked:
            every = (node for one in repositories.values() for kind in LISTS for node in one.get(kind, ()))
            node = next(node for node in every if node["id"] == asked["id"])
            inner = "statuses" if "statuses" in node else "files"
            return {"data": {"node": {inner: connection(node[inner], nested, asked["after"])}}}
        name = f"{asked['owner']}/{asked['name']}"
        if name not in repositories:
            return {"data": {"repository": None}, "errors": [{"type": "NOT_FOUND", "message": "Could not resolve"}]}
        if "order" not in asked:
            return {"data": {"repository": described(name)}}
        kind = next(kind for kind in LISTS if f"{kind}(first" in body["query"])
        by, falling = WORDS[asked["order"]["field"]], asked["order"]["direction"] == "DESC"
        ordered = sorted(repositories[name].get(kind, ()), key=lambda one: one[by], reverse=falling)
        nodes = [{**one, **folded(one)} for one in ordered]
        return {"data": {"repository": {kind: connection(nodes, asked["first"], asked["after"])}}}

    def rest(request: Request) -> Reply:
        words = request.path.partition("?")[0].strip("/").split("/")
        runs = repositories.get("/".join(words[1:3]), {}).get("runs", {}).get(words[5])
        if runs is None:
            return Reply({"message": "Not Found"}, 404)
        body = {"workflow_runs": sorted(runs, key=lambda one: one["created_at"], reverse=True)}
        etag = f'W/"{hashlib.sha256(json.dumps(body).encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return Reply(status=304)
        return Reply(body, headers={"ETag": etag})

    def answer(request: Request) -> Reply | dict:
        return trouble(request) or (graphql(request.body) if request.body else rest(request))

    return answer
