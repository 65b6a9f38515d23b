"""Deployments with their statuses, and releases, as GitHub's GraphQL tells them at the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sources.sandbox.chance import token
from sources.sandbox.channels import CHANNELS, DEPLOYMENTS, RELEASES, environment, told_number
from sources.sandbox.company import Company
from sources.sandbox.deployments import Deployment
from sources.sandbox.dialects.github_hub import GitHub
from sources.sandbox.dialects.github_objects import WEB, Thing, actor, connection, when
from sources.sandbox.people import Account

STATES = {"success": "SUCCESS", "failure": "FAILURE", "cancelled": "ERROR"}
QUEUED = timedelta(seconds=4)


def deployments(github: GitHub, name: str, asked: Thing) -> Thing:
    """The field `deployments` of a repository."""
    mine = github.rollouts(name) if CHANNELS.get(name) == DEPLOYMENTS else []
    listed = _ordered(list(range(len(mine))), asked)
    return connection(listed, lambda at: _deployment(github.company, mine, at), "deployments")(asked)


def releases(github: GitHub, name: str, asked: Thing) -> Thing:
    """The field `releases` of a repository."""
    mine = github.rollouts(name) if CHANNELS.get(name) == RELEASES else []
    published = [one for one in mine if one.finished < github.company.settings.clock]
    return connection(_ordered(published, asked), lambda one: _release(github.company, one), "releases")(asked)


def deployment(github: GitHub, id: str) -> Thing | None:
    """The deployment of this id."""
    for name in CHANNELS:
        for at, one in enumerate(github.rollouts(name)):
            if node_id(one) == id:
                return _deployment(github.company, github.rollouts(name), at)
    return None


def node_id(one: Deployment) -> str:
    """What GraphQL calls a deployment."""
    return f"DE_kw{token(16, one.id)}"


def _ordered(listed: list[Any], asked: Thing) -> list[Any]:
    return listed[::-1] if (asked.get("orderBy") or {}).get("direction") == "DESC" else listed


def _followed(mine: Sequence[Deployment], at: int) -> datetime | None:
    """When the next success in the same place made a deployment inactive."""
    place = (mine[at].service, mine[at].environment, "success")
    later = islice(mine, at + 1, None)
    return next((one.finished for one in later if (one.service, one.environment, one.status) == place), None)


def _deployment(company: Company, mine: Sequence[Deployment], at: int) -> Thing:
    one, followed, clock = mine[at], _followed(mine, at), company.settings.clock
    ends = [(STATES[one.status], one.finished)]
    ends += [("INACTIVE", followed)] if followed and one.status == "success" else []
    told = [("QUEUED", one.begun), ("IN_PROGRESS", one.begun + QUEUED), *ends]
    statuses = [_status(one, state, moment, place) for place, (state, moment) in enumerate(told) if moment < clock][
        ::-1
    ]
    creator = actor(one.by or company.bots[0])
    updated = statuses[0]["createdAt"]
    return {
        "__typename": "Deployment", "id": node_id(one), "databaseId": told_number(company.settings, one),
        "environment": environment(one), "latestEnvironment": environment(one), "commitOid": one.sha,
        "createdAt": when(one.begun), "updatedAt": updated, "creator": creator, "state": statuses[0]["state"],
        "task": "deploy", "payload": f'"for {_name(one.by)}"', "description": f"As {_name(one.by)} said",
        "statuses": connection(statuses, dict, "statuses"),
    }  # fmt: skip


def _status(one: Deployment, state: str, at: datetime, place: int) -> Thing:
    return {
        "__typename": "DeploymentStatus", "id": f"DES_kw{token(16, one.id, place)}", "state": state,
        "createdAt": when(at), "updatedAt": when(at), "description": f"Ask {_name(one.by)}", "logUrl": WEB,
        "environmentUrl": WEB, "environment": environment(one),
    }  # fmt: skip


def _release(company: Company, one: Deployment) -> Thing:
    commit: dict[str, Any] = {"__typename": "Commit", "id": f"C_kw{one.sha}", "oid": one.sha}
    return {
        "__typename": "Release", "id": f"RE_kw{token(16, one.id)}", "databaseId": told_number(company.settings, one),
        "name": f"By {_name(one.by)}", "tagName": f"v{one.finished:%Y.%m.%d.%H%M}", "isDraft": False,
        "isPrerelease": one.environment != "production", "isLatest": False, "description": f"Thanks to {_name(one.by)}",
        "createdAt": when(one.begun), "updatedAt": when(one.finished), "publishedAt": when(one.finished),
        "author": actor(one.by), "tagCommit": commit, "url": WEB,
    }  # fmt: skip


def _name(account: Account | None) -> str:
    return account.name if account else "the machine"
