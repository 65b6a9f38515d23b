"""GitHub's REST in a few lines: repositories, their runs newest first, some a page, searches, attempts, ETags.

Of GraphQL one question: a run's suite is called as the run, and holds the jobs in `jobs`.
"""

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Mapping
from urllib.parse import parse_qs, urlsplit

from tests.fake_server import Reply, Request

START = dt.datetime(2024, 1, 1, 8, tzinfo=dt.UTC)
FORM = "%Y-%m-%dT%H:%M:%SZ"


def run(number: int, hours: float | None = None, **more: object) -> dict:
    """A run with nothing special about it, created so many hours after the start (its number, if none are given)."""
    created = START + dt.timedelta(hours=number if hours is None else hours)
    ended = created + dt.timedelta(minutes=10)
    user = {"login": "ann", "type": "User"}
    return {
        "id": number,
        "workflow_id": 7,
        "event": "pull_request",
        "head_branch": "topic",
        "status": "completed",
        "conclusion": "success",
        "run_attempt": 1,
        "created_at": created.strftime(FORM),
        "run_started_at": created.strftime(FORM),
        "updated_at": ended.strftime(FORM),
        "actor": user,
        "triggering_actor": user,
        **more,
    }


def actions(
    repositories: Mapping[str, list[dict]],
    page: int = 3,
    searched: int = 6,
    trouble: Callable[[Request], Reply | None] = lambda _: None,
) -> Callable[[Request], Reply]:
    """The answers of a GitHub with these runs by repository; an earlier attempt is in `attempts` of its run."""

    def paged(items: list, request: Request) -> tuple[list, dict]:
        parts = urlsplit(request.path)
        number = int(parse_qs(parts.query).get("page", ["1"])[0])
        found, following = items[(number - 1) * page : number * page], items[number * page :]
        query = "&".join(part for part in parts.query.split("&") if not part.startswith("page="))
        link = f'<http://{request.headers["Host"]}{parts.path}?{query}&page={number + 1}>; rel="next"'
        return found, {"Link": link} if following else {}

    def found(request: Request) -> Reply:
        parts = urlsplit(request.path)
        words = parts.path.strip("/").split("/")
        if words[0] == "graphql":
            known = {str(one["id"]): one for runs in repositories.values() for one in runs}
            suites = [(id, known.get(id, {}).get("jobs", [])) for id in request.body["variables"]["ids"]]
            nodes = [{"id": id, "checkRuns": {"nodes": [{"startedAt": at} for at in jobs]}} for id, jobs in suites]
            return Reply({"data": {"nodes": nodes}})
        if words[0] == "orgs":
            listed, headers = paged([{"full_name": name, "default_branch": "main"} for name in repositories], request)
            return Reply(listed, headers=headers)
        runs = repositories.get("/".join(words[1:3]))
        if runs is None:
            return Reply({"message": "Not Found"}, 404)
        if len(words) == 3:
            return Reply({"default_branch": "main"})
        if "attempts" in words:
            one = next(run for run in runs if run["id"] == int(words[5]))
            earlier = one.get("attempts", {}).get(int(words[7]))
            return Reply(earlier) if earlier else Reply({"message": "Not Found"}, 404)
        ordered = sorted(runs, key=lambda run: (run["created_at"], run["id"]), reverse=True)
        created = parse_qs(parts.query).get("created", [""])[0].removeprefix("<=")
        if created:
            ordered = [run for run in ordered if run["created_at"] <= created][:searched]
        listed, headers = paged(ordered, request)
        return Reply({"total_count": len(runs), "workflow_runs": listed}, headers=headers)

    def answer(request: Request) -> Reply:
        if told := trouble(request):
            return told
        reply = found(request)
        etag = f'W/"{hashlib.sha256(json.dumps(reply.body).encode()).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return Reply(status=304)
        return Reply(reply.body, reply.status, {**reply.headers, "ETag": etag})

    return answer
