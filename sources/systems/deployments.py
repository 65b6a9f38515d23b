"""Deployments as GitHub knows them: its own with their statuses, runs of workflows that deploy, or releases.

Which of them tells of a repository, quorum.yaml says (`deployments_rules.py`); one repository has one of them. It may
also say which paths, or labels, belong to which services: then the merged changes of such a repository are read with
them, and which services a change touches goes on. `deployments_pages.py` tells how it pages.

A system of its own beside `github` and `events`: other permissions of the token, other questions, and what fails here
stops no table but its own. What no system of GitHub's knows (what mends what, incidents) events tell.

Stored: keyed ids, service, repository and commit; who triggered a deployment, as a pseudonym; the time of its end;
environment and status from closed lists. Not read: payloads, descriptions, refs, logs, notes, assets, titles. Not
stored: names of environments, workflows and tags, labels, paths.
"""

from __future__ import annotations

from sources.stream import Account, Column, Kind, Record, Stream, System
from sources.systems.deployments_pages import DeploymentsReader
from sources.systems.deployments_rules import DEPLOYMENTS as GITHUBS
from sources.systems.deployments_rules import NOTHING, PRODUCTION, RELEASES, WORKFLOWS

TOLD_BY = {word: word for word in (GITHUBS, WORKFLOWS, RELEASES, NOTHING)}
STATUSES = {
    "success": "success",
    "failure": "failure",
    "timed_out": "failure",
    "startup_failure": "failure",
    "cancelled": "cancelled",
    "skipped": "cancelled",
}


def sha(record: Record) -> str | None:
    """The deployed commit, in lower case."""
    commit = record["sha"]
    return str(commit).lower() if commit else None


SERVICES = Stream(
    name="services",
    key=("repository_key", "service_key"),
    replaces=("repository_key",),
    columns=(
        Column("repository_key", Kind.SCOPE, "repository", space="repository"),
        Column("service_key", Kind.SCOPE, "service", space="service"),
        Column("is_whole", Kind.FLAG, "is_whole", required=True),
        Column("told_by", Kind.CATEGORY, "told_by", mapping=TOLD_BY, other=None, required=True),
    ),
)
DEPLOYMENTS = Stream(
    name="deployments",
    key=("deployment_key",),
    columns=(
        Column("deployment_key", Kind.KEY, "id", space="deployment"),
        Column("told_by", Kind.CATEGORY, "told_by", mapping=TOLD_BY, other=None, required=True),
        Column("service_key", Kind.SCOPE, "service", space="service", required=True),
        Column("repository_key", Kind.SCOPE, "repository", space="repository", required=True),
        Column("commit_key", Kind.KEY, of=sha, space="commit"),
        Column("deployer_key", Kind.PERSON, accounts=(Account("github", "by"),)),
        Column("environment", Kind.CATEGORY, "environment", mapping={PRODUCTION: PRODUCTION}),
        Column("status", Kind.CATEGORY, "status", mapping=STATUSES),
        Column("finished_at", Kind.TIME, "finished_at", required=True),
    ),
)
CHANGE_SERVICES = Stream(
    name="change_services",
    key=("change_key", "service_key"),
    replaces=("change_key",),
    columns=(
        Column("change_key", Kind.KEY, "change", space="change"),
        Column("service_key", Kind.SCOPE, "service", space="service"),
    ),
)
SYSTEM = System(
    name="deployments",
    streams=(SERVICES, DEPLOYMENTS, CHANGE_SERVICES),
    reads="deployments",
    space="repository",
    reader=DeploymentsReader,
    needs=(("url",), ("organisation", "repositories")),
    takes=("token", "read", "production", "workflows", "rules"),
)
