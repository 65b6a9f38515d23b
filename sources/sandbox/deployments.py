"""How the company brings changes into production, and what goes wrong there: one service a repository, or several.

Some services go out with every merge, by a machine; others twice a week, by whoever is on duty. A deployment holds what
had been merged to the default branch before it; one of a service of several, what touches it. Some break something: an
incident, sometimes with its cause told, and a deployment that mends it. Who tells of it all is in `channels.py`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random

from sources.sandbox.chance import DAY, hours, midnight, stream, token
from sources.sandbox.channels import CHANNELS, RELEASES, SERVICES, WORKFLOWS, touched
from sources.sandbox.people import Account
from sources.sandbox.work import Change

CONTINUOUS = ("customer-portal", "metrics-pipe", "payments-api", "runtime-core", "web-shop")
BATCHED = ("edge-gateway", "ledger-core", "search-index", "storage-engine")
TELLS = ("payments-api", "storage-engine")  # their pipelines list the changes
IN_TRACKER = ("web-shop", "edge-gateway")  # their incidents of unknown cause are told as issues of the tracker
DUTY = (1, 3)  # Tuesdays and Thursdays
DEFAULT = "main"
TAKES = timedelta(seconds=45)


@dataclass(frozen=True, slots=True)
class Deployment:
    """One deployment that ended."""

    id: str
    repository: str
    service: str
    finished: datetime
    head: Change | None  # the newest change in it; None: a commit that nobody knows
    status: str = "success"
    environment: str = "production"
    by: Account | None = None  # None: a machine
    fixes: str | None = None

    @property
    def begun(self) -> datetime:
        """When it began."""
        return self.finished - TAKES

    @property
    def sha(self) -> str:
        """The deployed commit."""
        return merge_commit(self.head) if self.head else token(40, self.id, "elsewhere")


@dataclass(frozen=True, slots=True)
class Incident:
    """Something that did not work in production."""

    id: str
    service: str
    opened: datetime
    resolved: datetime | None
    caused_by: str | None = None

    @property
    def is_in_tracker(self) -> bool:
        """Whether the tracker tells of it, and not the file of events."""
        return self.caused_by is None and self.service in IN_TRACKER


def merge_commit(change: Change) -> str:
    """The commit that a change became on its base."""
    return token(40, change.id, "merge")


def mainline(changes: Iterable[Change]) -> list[Change]:
    """What was merged to the default branch, in that order."""
    merged = [change for change in changes if change.merged and change.base == DEFAULT]
    return sorted(merged, key=lambda change: (change.merged or change.created, change.id))


def told_changes(merged: list[Change], one: Deployment) -> list[Change]:
    """What a pipeline says is in a deployment: the last three merges up to its head, unless it mends another."""
    if one.service not in TELLS or one.head is None or one.fixes:
        return []
    at = next(place for place, change in enumerate(merged) if change is one.head)
    return merged[max(0, at - 2) : at + 1]


def operated(seed: int, changes: dict[str, list[Change]], clock: datetime) -> tuple[list[Deployment], list[Incident]]:
    """All deployments that began before a clock, and incidents that opened, oldest first."""
    deployments: list[Deployment] = []
    incidents: list[Incident] = []
    for planned in _planned(seed, changes):
        for at, one in enumerate(planned):
            following = planned[at + 1].finished if at + 1 < len(planned) else clock
            rng = stream(seed, "operations", one.id)
            deployments += _around(rng, one)
            for incident, repair in _broken(rng, one, following):
                incidents.append(incident)
                deployments += repair
    begun = (one for one in deployments if one.begun < clock)
    opened = (one for one in incidents if one.opened < clock)
    return (
        sorted(begun, key=lambda one: (one.finished, one.id)),
        sorted((_until(one, clock) for one in opened), key=lambda one: (one.opened, one.id)),
    )


def _planned(seed: int, changes: dict[str, list[Change]]) -> Iterator[list[Deployment]]:
    """What is meant to go out, service by service."""
    for repository in (*CONTINUOUS, *BATCHED):
        merged = mainline(changes[repository])
        if repository in SERVICES:
            for service in (*SERVICES[repository], repository):
                yield list(_of_service(seed, merged, service))
        else:
            yield list(_with_every_merge(seed, merged) if repository in CONTINUOUS else _on_duty(seed, merged))


def _of_service(seed: int, merged: list[Change], service: str) -> Iterator[Deployment]:
    """Soon after a merge that touches the service; now and then the repository as a whole."""
    for change in merged:
        is_whole = service == change.repository
        rng = stream(seed, "deploys", change.id, service)
        if rng.random() < (0.03 if is_whole else 0.85) and change.merged and (is_whole or service in touched(change)):
            id = token(16, change.id, service, "deployment")
            yield Deployment(id, change.repository, service, change.merged + hours(rng, 0.4, 0.5), change)


def _with_every_merge(seed: int, merged: list[Change]) -> Iterator[Deployment]:
    """Soon after a merge, by a machine; now and then the next one takes it along."""
    for change in merged:
        rng = stream(seed, "deploys", change.id)
        if rng.random() < 0.85 and change.merged:
            id, at = token(16, change.id, "deployment"), change.merged + hours(rng, 0.4, 0.5)
            yield Deployment(id, change.repository, change.repository, at, change)


def _on_duty(seed: int, merged: list[Change]) -> Iterator[Deployment]:
    """At two in the afternoon of certain days, by who merged last, if there is anything new."""
    place = 0
    while place < len(merged):
        first = merged[place].merged or merged[place].created
        day = midnight(first.date()) + timedelta(hours=14)
        while day <= first or day.weekday() not in DUTY:
            day += DAY
        while place < len(merged) and (merged[place].merged or day) < day:
            place += 1
        head = merged[place - 1]
        rng = stream(seed, "duty", head.id)
        id = token(16, head.id, "deployment")
        yield Deployment(id, head.repository, head.repository, day + hours(rng, 0.3, 0.4), head, by=head.author)


def _around(rng: Random, one: Deployment) -> Iterator[Deployment]:
    """The deployment itself, what went before it, and now and then one of a commit that no change brought."""
    channel = CHANNELS.get(one.repository)
    if rng.random() < 0.15 and channel != WORKFLOWS:
        yield replace(one, id=f"{one.id}-s", environment="staging", finished=one.finished - timedelta(minutes=9))
    if rng.random() < 0.05:
        status = rng.choice(("failure", "cancelled"))
        if channel != RELEASES:
            yield replace(one, id=f"{one.id}-f", status=status, finished=one.finished - timedelta(minutes=4))
    if rng.random() < 0.01:
        yield replace(one, id=f"{one.id}-x", head=None, finished=one.finished - timedelta(minutes=1))
    yield one


def _broken(rng: Random, one: Deployment, following: datetime) -> Iterator[tuple[Incident, list[Deployment]]]:
    """The incident that a deployment causes, if any, and the deployment that mends it; or one of another cause."""
    luck = rng.random()
    opened = one.finished + hours(rng, 1.5, 0.8)
    if luck < 0.03:  # long after: nobody knows why
        yield Incident(f"{one.id}-o", one.service, one.finished + timedelta(days=6), one.finished + 7 * DAY), []
    if not 0.03 <= luck < 0.15:
        return
    told = rng.random() < 0.6
    resolved = opened + hours(rng, 4)
    repair = []
    if rng.random() < 0.5:
        fixes = None if one.repository in CHANNELS else one.id  # GitHub has no word for it
        mended = replace(one, id=f"{one.id}-m", finished=resolved - timedelta(minutes=5), fixes=fixes)
        repair.append(mended)
    if told or opened < following:
        yield Incident(f"{one.id}-i", one.service, opened, resolved, one.id if told else None), repair


def _until(incident: Incident, clock: datetime) -> Incident:
    resolved = incident.resolved
    return replace(incident, resolved=None) if resolved and resolved >= clock else incident
