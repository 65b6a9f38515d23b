"""From the settings of a system to what the door needs to reach it, and to its declaration.

A token goes as `Bearer`, with a user beside it as `Basic`.
"""

from __future__ import annotations

import base64
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.errors import ConfigError
from orchestration.inbox import inbox
from sources.reading import Connection

if TYPE_CHECKING:
    from orchestration.settings import Repository, Settings, System
    from sources import stream


def declared(name: str) -> stream.System:
    """The declaration of a system."""
    from sources.systems import load

    return load(name)


def connection(settings: Settings, name: str) -> Connection:
    """How to reach a system."""
    system = settings.systems[name]
    options = {
        "organisation": system.organisation,
        "repositories": _placed(settings, system.repositories),
        "projects": system.projects,
        "statuses": dict(system.statuses),
        "unplanned": dict(system.unplanned),
        "incidents": dict(system.incidents or {}),
        "files": tuple(_whole(settings, one) for one in system.files),
        "inbox": inbox(settings).lines if system.inbox else None,
        "rules": _rules(system),
    }
    return Connection(system.url, _headers(settings, name, system), options, settings.proxies, settings.ca)


def missing_secrets(settings: Settings) -> list[str]:
    """The variables that quorum.yaml names and the environment lacks."""
    systems = settings.systems.values()
    named = {name for system in systems for name in (system.user, system.token, system.inbox) if name}
    return sorted(named - set(settings.secrets))


def inbox_token(settings: Settings) -> str:
    """What those who post events have to know."""
    named = next((system.inbox for system in settings.systems.values() if system.inbox), "")
    if not named:
        message = "quorum.yaml: systems.events.inbox names no variable: name the one that holds the token of posters"
        raise ConfigError(message)
    return _secret(settings, "events", named)


def _headers(settings: Settings, name: str, system: System) -> dict[str, str]:
    if not system.token:
        return {}
    token = _secret(settings, name, system.token)
    if not system.user:
        return {"Authorization": f"Bearer {token}"}
    pair = f"{_secret(settings, name, system.user)}:{token}"
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def _secret(settings: Settings, system: str, variable: str) -> str:
    if variable not in settings.secrets:
        message = f"quorum.yaml: systems.{system}: the environment variable {variable} is not set: put the token there"
        raise ConfigError(message)
    return settings.secrets[variable].get_secret_value()


def _placed(settings: Settings, repositories: tuple[str | Repository, ...]) -> tuple[str | dict[str, str], ...]:
    """Local paths made whole; addresses and owner/name as they are."""
    return tuple(
        _whole(settings, one)
        if isinstance(one, str)
        else {"address": _whole(settings, one.address), "repository": one.repository}
        for one in repositories
    )


def _rules(system: System) -> tuple[dict[str, Any], ...]:
    """By which rule each repository's deployments are told: those of their own, then the one for all others."""
    usual = system.model_dump(include={"read", "production", "workflows"})
    rules = (*(usual | rule.model_dump(exclude_none=True) for rule in system.rules), usual)
    for rule in rules:
        files = (rule, *rule.get("services", {}).values())
        if rule["read"] == "workflows" and not any(one["workflows"] for one in files):
            message = "quorum.yaml: systems.deployments: `read: workflows` needs the file names of those that deploy"
            raise ConfigError(f"{message}: `workflows: [deploy.yml]`")
    return rules


def _whole(settings: Settings, address: str) -> str:
    return str((settings.project / Path(address).expanduser()).resolve()) if address.startswith((".", "~")) else address
