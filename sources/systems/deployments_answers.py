"""What is taken out of GitHub's answers about deployments: a record each of what ended, by its repository's rule.

A deployment ends with its first success; without one with its last failure, or when another one made it inactive.
Before that it is none. A run counts as its last attempt ended; who set it off is told where it was done by hand, as a
push is somebody's merge and not their deployment. A release is a deployment when it is published.
"""

from __future__ import annotations

from typing import Any

from sources.errors import Malformed
from sources.minimise import fold, lookup
from sources.stream import Json
from sources.systems.deployments_rules import DEPLOYMENTS, OTHER, PRODUCTION, RELEASES, WORKFLOWS, Rule

Found = dict[str, Any]
FAILED = ("FAILURE", "ERROR")
ENDS = ("SUCCESS", *FAILED, "INACTIVE")
BY_HAND = "workflow_dispatch"
WHERE = "/graphql"


def deployment(node: Json, repository: str, rule: Rule) -> Found | None:
    """A deployment that has ended."""
    told = sorted((text(each, "createdAt"), text(each, "state").upper()) for each in lookup(node, "statuses.nodes"))
    won = [at for at, state in told if state == "SUCCESS"][:1]
    lost = [at for at, state in told if state in FAILED][-1:]
    over = [at for at, state in told if state in ENDS][-1:]
    if not over:
        return None
    service, environment = rule.deployed_to(lookup(node, "environment") or "", repository)
    return {
        "id": known_as(repository, "deployments", node.get("databaseId") or node.get("id")),
        "told_by": DEPLOYMENTS,
        "repository": repository,
        "service": service,
        "sha": node.get("commitOid"),
        "by": person(node.get("creator")),
        "environment": environment,
        "status": "success" if won else "failure" if lost else "cancelled",
        "finished_at": (won or lost or over)[0],
    }


def run(found: Json, repository: str, service: str) -> Found | None:
    """A run of a workflow that deploys, once it is done."""
    if lookup(found, "status") != "completed":
        return None
    actor = found.get("triggering_actor") or found.get("actor")
    return {
        "id": known_as(repository, "runs", found.get("id")),
        "told_by": WORKFLOWS,
        "repository": repository,
        "service": service,
        "sha": found.get("head_sha"),
        "by": person(actor) if found.get("event") == BY_HAND else None,
        "environment": PRODUCTION,
        "status": found.get("conclusion"),
        "finished_at": text(found, "updated_at"),
    }


def release(node: Json, repository: str, rule: Rule) -> Found | None:
    """A release, once it is published."""
    if lookup(node, "isDraft") or not lookup(node, "publishedAt"):
        return None
    return {
        "id": known_as(repository, "releases", node.get("databaseId") or node.get("id")),
        "told_by": RELEASES,
        "repository": repository,
        "service": rule.tagged(lookup(node, "tagName") or "", repository),
        "sha": lookup(node, "tagCommit.oid"),
        "by": person(node.get("author")),
        "environment": OTHER if node.get("isPrerelease") else PRODUCTION,
        "status": "success",
        "finished_at": node["publishedAt"],
    }


def services(node: Json, repository: str, rule: Rule) -> list[Found]:
    """The services that a merged change touches; of its paths and labels nothing goes on."""
    paths = [text(each, "path") for each in lookup(node, "files.nodes")]
    labels = [text(each, "name") for each in lookup(node, "labels.nodes") or ()]
    number = node.get("number")
    if not isinstance(number, int):
        raise Malformed("a change without its number", WHERE) from None
    change = f"{fold(repository)}#{number}"
    return [{"change": change, "service": name} for name in rule.touched(paths, labels, repository)]


def known_as(repository: str, kind: str, number: Json) -> str:
    """What others call a deployment, as in GitHub's addresses: acme/shop/deployments/4711.

    GraphQL promises a number of 32 bits, and those of deployments are larger by now: without one its own id must do.
    """
    if not isinstance(number, int | str):
        raise Malformed("a deployment without its number", WHERE) from None
    return f"{fold(repository)}/{kind}/{number}"


def person(actor: Json) -> str | None:
    """Who did it; nobody where it was a machine."""
    login = lookup(actor, "login")
    is_machine = "Bot" in (lookup(actor, "__typename"), lookup(actor, "type")) or str(login).endswith("[bot]")
    return None if is_machine else login


def text(found: Json, name: str) -> str:
    """A text that must be there."""
    value = lookup(found, name)
    if not isinstance(value, str):
        raise Malformed("a deployment, a status or a change without what tells of it", WHERE) from None
    return value
