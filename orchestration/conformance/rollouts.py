"""Deployments as GitHub would answer for them, and the services that changes touch, by a rule made of the history."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from orchestration.conformance.case import Event
from orchestration.conformance.changes import REPOSITORY, Changes
from sources.systems import deployments_answers as answers
from sources.systems.deployments_rules import DEPLOYMENTS, RELEASES, Rule, own_service

Json = dict[str, Any]


class Rollouts:
    """What GitHub knows of the deployments of a history; a repository with services has those that changes touch."""

    def __init__(self, changes: Changes) -> None:
        self._changes = changes
        self._events: dict[str, Event] = {}
        self._touched: dict[str, list[str]] = {}  # by change

    def known_as(self, deployment: str) -> str:
        """What an incident calls a deployment."""
        event = self._events.get(deployment)
        if event is None:
            return deployment
        kind = {"workflows": "runs"}.get(event.of["told_by"], event.of["told_by"])
        return answers.known_as(self._merged(event)["repository"], kind, self._number(event))

    @property
    def records(self) -> dict[str, list[Json]]:
        """The records of all streams."""
        told = [record for event in self._events.values() if (record := self._record(event))]
        repositories = {one["repository"]: one["told_by"] for one in told} | {
            self._changes.full_name(change).partition("#")[0]: DEPLOYMENTS for change in self._touched
        }
        return {
            "deployments": told,
            "services": [each for name, read in repositories.items() for each in self._services(name, read)],
            "change_services": [each for change in self._touched for each in self._parts(change)],
        }

    def _change_opened(self, event: Event) -> None:
        if "touches" in event.of:
            self._touched[event.of["change"]] = event.of["touches"]

    def _deployed(self, event: Event) -> None:
        if "told_by" in event.of:
            self._events[event.of["deployment"]] = event

    def _record(self, event: Event) -> Json | None:
        of, at, merged = event.of, event.at.astimezone(UTC), self._merged(event)
        rule, where, number = self._rule(merged["repository"]), of.get("environment", "production"), self._number(event)
        who = {"login": of["by"], "__typename": "User"} if "by" in of else None
        if of["told_by"] == DEPLOYMENTS:
            is_part = of["service"] in {service.name for service in rule.services} and where == "production"
            state = {"state": of.get("status", "success"), "createdAt": _at(at)}
            node = {"databaseId": number, "environment": f"{of['service']}-live" if is_part else where, "creator": who}
            node |= {"commitOid": merged["sha"], "statuses": {"nodes": [state]}}
            return answers.deployment(node, merged["repository"], rule)
        if of["told_by"] == RELEASES:
            node = {"databaseId": number, "tagName": f"{of['service']}@{number}", "publishedAt": _at(at), "author": who}
            node |= {"tagCommit": {"oid": merged["sha"]}, "isPrerelease": where != "production"}
            return answers.release(node, merged["repository"], rule)
        run = {"id": number, "status": "completed", "conclusion": of.get("status", "success"), "updated_at": _at(at)}
        run |= {"head_sha": merged["sha"], "event": "workflow_dispatch" if who else "push", "actor": who}
        return answers.run(run, merged["repository"], of["service"])

    def _number(self, event: Event) -> int:
        return list(self._events).index(event.of["deployment"]) + 1

    def _merged(self, event: Event) -> Json:
        unknown = {"repository": REPOSITORY, "sha": "0" * 40}
        return self._changes.merged_as(event.of["change"]) if "change" in event.of else unknown

    def _rule(self, repository: str) -> Rule:
        mine = [change for change in self._touched if self._changes.full_name(change).startswith(f"{repository}#")]
        names = dict.fromkeys(name for change in mine for name in self._touched[change])
        services = {
            name: {"paths": (f"{name}/*",), "environments": (f"{name}-live",), "tags": (f"{name}@*",)} for name in names
        }
        return Rule.of({"services": services})

    def _services(self, repository: str, read: str) -> list[Json]:
        here = {"repository": repository, "told_by": read}
        names = [service.name for service in self._rule(repository).services]
        whole = {**here, "service": own_service(repository), "is_whole": True}
        return [whole, *({**here, "service": name, "is_whole": False} for name in names)]

    def _parts(self, change: str) -> list[Json]:
        repository, _, number = self._changes.full_name(change).rpartition("#")
        paths = [{"path": f"{name}/main.py"} for name in self._touched[change]]
        node = {"number": int(number), "files": {"nodes": [*paths, {"path": "README.md"}]}}
        return answers.services(node, repository, self._rule(repository))


def _at(moment: datetime) -> str:
    return moment.isoformat()
