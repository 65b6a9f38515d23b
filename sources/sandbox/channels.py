"""What tells of the company's deployments: an events file, or GitHub in one of three ways; and what a service is.

One repository holds two services, told apart by the paths that a change touches. Incidents are events everywhere, and
call a deployment as its channel does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from sources.sandbox.chance import number, stream
from sources.sandbox.work import Change

if TYPE_CHECKING:
    from sources.sandbox.deployments import Deployment
    from sources.sandbox.settings import Sandbox

DEPLOYMENTS, WORKFLOWS, RELEASES = "deployments", "workflows", "releases"
CHANNELS = {  # all others: an events file
    "customer-portal": DEPLOYMENTS,
    "ledger-core": RELEASES,
    "metrics-pipe": WORKFLOWS,
    "runtime-core": DEPLOYMENTS,
    "search-index": DEPLOYMENTS,
}
SERVICES = {"runtime-core": ("scheduler", "executor")}
DEPLOY = "deploy"  # the workflow


def touched(change: Change) -> tuple[str, ...]:
    """The services that a change touches, in a repository with several."""
    first, second = SERVICES[change.repository]
    luck = stream("touched", change.id).random()
    if luck < 0.08:
        return ()
    if luck < 0.2 and change.files > 1:
        return first, second
    return (first,) if luck < 0.6 else (second,)


def paths(change: Change) -> list[str]:
    """The files of a change, with people in their names."""
    areas = touched(change) or ("docs",) if change.repository in SERVICES else ("src",)
    who = change.author.login if change.author else "nobody"
    return [f"{areas[at % len(areas)]}/{who}/part-{at}.py" for at in range(max(1, change.files))]


def environment(one: Deployment) -> str:
    """What GitHub calls the place of a deployment."""
    named = one.service in SERVICES.get(one.repository, ()) and one.environment == "production"
    return f"{one.environment}-{one.service}" if named else one.environment


def told_number(settings: Sandbox, one: Deployment) -> int:
    """The number of a deployment, a run or a release on GitHub."""
    is_run = CHANNELS[one.repository] == WORKFLOWS
    return number(12, settings.seed, "run", one.id) if is_run else number(9, "deployment", one.id)


def known_as(settings: Sandbox, one: Deployment) -> str:
    """What incidents call a deployment: as GitHub's addresses do, or by the id of its event."""
    if one.repository not in CHANNELS:
        return one.id
    kind = "runs" if CHANNELS[one.repository] == WORKFLOWS else CHANNELS[one.repository]
    return f"{settings.organisation}/{one.repository}/{kind}/{told_number(settings, one)}"
