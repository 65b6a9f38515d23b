"""Deployments that GitHub does not tell, and all incidents, as JSON Lines, with a few lines that no reader can use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sources.parsing import written
from sources.sandbox.channels import CHANNELS, known_as
from sources.sandbox.company import Company
from sources.sandbox.deployments import Deployment, Incident, mainline, told_changes
from sources.sandbox.dialects.github_objects import when

BAD = (b'{"type": "deployment", "id": "half', b'{"version": 2, "type": "rollout", "id": "r", "service": "s"}')


def lines(company: Company) -> bytes:
    """The whole file, in the order of events."""
    organisation = company.settings.organisation
    deployments, incidents = company.operations
    names = {one.id: known_as(company.settings, one) for one in deployments}
    mine = [one for one in deployments if one.repository not in CHANNELS]
    told = [
        *((one.finished, _deployment(company, organisation, one)) for one in mine),
        *((one.opened, _incident(one, names)) for one in incidents if not one.is_in_tracker),
    ]
    ordered = [written(record) for _, record in sorted(told, key=lambda pair: (pair[0], pair[1]["id"]))]
    return b"\n".join([*ordered[:7], *BAD, *ordered[7:]]) + b"\n"


def _deployment(company: Company, organisation: str, one: Deployment) -> dict[str, Any]:
    record: dict[str, Any] = {
        "type": "deployment",
        "id": one.id,
        "service": one.service,
        "environment": one.environment,
        "status": one.status,
        "finished_at": when(one.finished),
        "repository": f"{organisation}/{one.repository}",
        "sha": one.sha,
        "note": f"run by {one.by.name if one.by else 'the machine'}",
    }
    if one.by:
        machine = "[bot]" if one.by.is_bot and not one.by.login.endswith("[bot]") else ""
        record["by"] = f"github:{one.by.login}{machine}"  # as GitHub's REST API calls its apps
    if one.fixes:
        record["fixes"] = one.fixes
    named = told_changes(mainline(company.changes[one.repository]), one)
    if named:
        record["changes"] = [f"{organisation}/{one.repository}#{change.number}" for change in named]
    return record


def _incident(one: Incident, names: Mapping[str, str]) -> dict[str, Any]:
    record: dict[str, Any] = {
        "type": "incident",
        "id": one.id,
        "service": one.service,
        "opened_at": when(one.opened),
        "resolved_at": when(one.resolved),
    }
    if one.caused_by:
        record["caused_by"] = names[one.caused_by]
    return record
