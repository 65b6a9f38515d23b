"""GitHub's REST: repositories and runs of workflows, in pages that their Link header leads through.

Runs come newest first; a search (`created`) gives a thousand at most. What is listed is the last attempt of a run, the
earlier ones are asked for one by one. Every answer has an ETag.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from sources.sandbox.chance import number, token
from sources.sandbox.ci import Run
from sources.sandbox.dialects.github_hub import GitHub, suite
from sources.sandbox.dialects.github_objects import Thing, when
from sources.sandbox.people import Account
from sources.sandbox.places import REPOSITORIES

SEARCHED = 1000
PAGE, LARGEST = 30, 100
NOT_FOUND: Thing = {"message": "Not Found", "documentation_url": "https://docs.github.com/rest", "status": "404"}


@dataclass(frozen=True, slots=True)
class Told:
    """An answer: what it says, its status, and the links to further pages."""

    body: object
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)


def repositories(github: GitHub, owner: str, asked: Mapping[str, str]) -> Told:
    """GET /orgs/{org}/repos"""
    if owner.casefold() != github.company.settings.organisation.casefold():
        return Told(NOT_FOUND, 404)
    listed = [name for name in REPOSITORIES if name not in github.gone]
    part, headers = _page(github, listed, f"orgs/{owner}/repos", asked)
    return Told([_repository(github, name) for name in part], headers=headers)


def repository(github: GitHub, owner: str, name: str) -> Told:
    """GET /repos/{owner}/{repo}"""
    known = github.known(owner, name)
    return Told(_repository(github, known)) if known else Told(NOT_FOUND, 404)


def runs(github: GitHub, owner: str, name: str, asked: Mapping[str, str]) -> Told:
    """GET /repos/{owner}/{repo}/actions/runs"""
    known = github.known(owner, name)
    if known is None:
        return Told(NOT_FOUND, 404)
    listed, created = github.company.runs[known], asked.get("created", "")
    if created.startswith("<="):
        until = datetime.fromisoformat(created[2:]).replace(tzinfo=None)
        listed = listed[: bisect_right(listed, until, key=lambda run: run.created)]
    newest_first = listed[: -SEARCHED - 1 : -1] if created else listed[::-1]
    part, headers = _page(github, newest_first, f"repos/{owner}/{name}/actions/runs", asked)
    shown = [_run(github, run, len(run.attempts)) for run in part]
    return Told({"total_count": len(listed), "workflow_runs": shown}, headers=headers)


def workflow_runs(github: GitHub, owner: str, name: str, file: str, asked: Mapping[str, str]) -> Told:
    """GET /repos/{owner}/{repo}/actions/workflows/{file}/runs"""
    known = github.known(owner, name)
    listed = [run for run in github.company.runs[known] if f"{run.workflow}.yml" == file] if known else []
    if not listed:
        return Told(NOT_FOUND, 404)
    path = f"repos/{owner}/{name}/actions/workflows/{file}/runs"
    part, headers = _page(github, listed[::-1], path, asked)
    shown = [_run(github, run, len(run.attempts)) for run in part]
    return Told({"total_count": len(listed), "workflow_runs": shown}, headers=headers)


def attempt(github: GitHub, owner: str, name: str, id: int, place: int) -> Told:
    """GET /repos/{owner}/{repo}/actions/runs/{id}/attempts/{n}"""
    found = github.run(id)
    is_there = found and github.known(owner, name) == found.repository and 1 <= place <= len(found.attempts)
    return Told(_run(github, found, place)) if found and is_there else Told(NOT_FOUND, 404)


def _page(github: GitHub, listed: Sequence[Any], path: str, asked: Mapping[str, str]) -> tuple[Sequence[Any], Thing]:
    """The page that is asked for, and its Link header."""
    most = max(1, min(int(asked.get("per_page") or PAGE), LARGEST))
    page = max(1, int(asked.get("page") or 1))
    part = listed[max(0, (page - 1) * most - (github.overlap if page > 1 else 0)) : page * most]
    if page * most >= len(listed):
        return part, {}
    following = urlencode({**asked, "page": page + 1})
    return part, {"Link": f'<{github.web}/{path}?{following}>; rel="next"'}


def _repository(github: GitHub, name: str) -> Thing:
    told = github.described(name)
    full = told["nameWithOwner"]
    return {
        "id": told["databaseId"], "node_id": told["id"], "name": name, "full_name": full, "private": True,
        "owner": {"login": github.company.settings.organisation, "id": 77, "type": "Organization"},
        "html_url": told["url"], "description": told["description"], "fork": False, "archived": told["isArchived"],
        "disabled": False, "default_branch": "main", "created_at": told["createdAt"], "pushed_at": told["pushedAt"],
        "url": f"{github.web}/repos/{full}", "visibility": "private", "topics": [], "size": told["diskUsage"],
    }  # fmt: skip


def _run(github: GitHub, run: Run, place: int) -> Thing:
    """A run as it stood with so many attempts."""
    one = run.attempts[place - 1]
    updated = when(one.ended or one.started)
    full = f"{github.company.settings.organisation}/{run.repository}"
    url = f"{github.web}/repos/{full}/actions/runs/{run.id}"
    sha = run.sha or token(40, run.key, "sha")
    name = run.actor.name if run.actor else "somebody"
    return {
        "id": run.id, "node_id": f"WFR_kw{token(16, run.key)}", "name": run.workflow, "head_branch": run.branch,
        "check_suite_node_id": suite(run),
        "head_sha": sha, "path": f".github/workflows/{run.workflow}.yml", "display_title": f"Mend it for {name}",
        "run_number": run.id % 10000, "event": run.event, "status": "completed" if one.ended else "in_progress",
        "conclusion": one.conclusion, "workflow_id": number(8, run.repository, run.workflow), "url": url,
        "html_url": url, "pull_requests": [], "created_at": when(run.created), "updated_at": updated,
        "actor": _user(run.actor), "run_attempt": place, "run_started_at": when(one.started),
        "triggering_actor": _user(one.by), "jobs_url": f"{url}/jobs", "logs_url": f"{url}/logs",
        "previous_attempt_url": f"{url}/attempts/{place - 1}" if place > 1 else None,
        "head_commit": {"id": sha, "message": f"Mend it\n\nAs {name} said.", "author": {"name": name}},
        "repository": {"id": 1, "name": run.repository, "full_name": full, "private": True},
    }  # fmt: skip


def _user(account: Account | None) -> Thing | None:
    """A user as REST tells it; nobody if the account was deleted."""
    if account is None:
        return None
    return {
        "login": account.login, "id": account.number, "node_id": account.node, "type": account.kind,
        "avatar_url": f"https://avatars.github.example/u/{account.number}?v=4", "site_admin": False,
    }  # fmt: skip
