"""What reached production, and what failed there: deployments, the changes in them, and recoveries that count."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from sources.sandbox.chance import DAY
from sources.sandbox.channels import SERVICES, touched
from sources.sandbox.company import Company
from sources.sandbox.deployments import Deployment, Incident, mainline, told_changes
from sources.sandbox.oracle import known_as, leaf, started
from sources.sandbox.people import GHOST, Account, Person
from sources.sandbox.work import Change


@dataclass(frozen=True, slots=True)
class Shipped:
    """A change that reached production."""

    subject: str
    at: datetime
    team: str
    author: str
    deployer: str | None  # who triggered what brought it, or wrote the newest change in that
    lead: float | None  # seconds
    wait: float | None  # seconds since the merge
    is_linked: bool


@dataclass(frozen=True, slots=True)
class Deployed:
    """A deployment, by who triggered it or wrote the newest change in it."""

    subject: str
    at: datetime
    team: str
    deployer: str
    is_rework: bool
    is_failed: bool
    is_told: bool | None  # of failed ones


@dataclass(frozen=True, slots=True)
class Recovered:
    """The end of a failure."""

    subject: str
    at: datetime
    team: str
    deployer: str
    mender: str | None  # who triggered what mends it, or wrote the newest change in that
    after: float  # seconds


class Production:
    """All that counts for somebody's team."""

    def __init__(self, company: Company) -> None:
        self._company = company
        self._known = {person.id: person for person in company.people}
        deployments, self._incidents = company.operations
        self._deployments = [one for one in deployments if one.status == "success" and one.environment == "production"]
        self._by_service: dict[str, list[Deployment]] = defaultdict(list)
        self._by_repository: dict[str, list[Deployment]] = defaultdict(list)
        for one in self._deployments:
            self._by_service[one.service].append(one)
            self._by_repository[one.repository].append(one)
        self._mending: dict[str, Deployment] = {}  # by what failed, the first that mends it
        for one in self._deployments:
            if one.fixes:
                self._mending.setdefault(one.fixes, one)
        self._content = self._held()
        self._failures = self._failed()

    def shipped(self) -> Iterator[Shipped]:
        """The changes, each by the first deployment that holds it."""
        for deployment, inside in self._content.values():
            by = known_as(self._trigger(deployment))
            for change, is_linked in inside:
                person, team = self._counts(change.author, deployment.finished)
                if person and team and _is_human(change.author):
                    name = f"{self._company.settings.organisation}/{change.repository}#{change.number}"
                    at, merged = deployment.finished, change.merged or change.created
                    lead, wait = _after(started(change), at), _after(merged, at)
                    yield Shipped(name, at, team, person.id, by, lead, wait, is_linked)

    def deployed(self) -> Iterator[Deployed]:
        """The deployments."""
        for one in self._deployments:
            person, team = self._counts(self._trigger(one), one.finished)
            if person and team:
                inside = [change for change, _ in self._content[one.id][1]]
                rework = one.fixes is not None or bool(inside) and all(change.reverts for change in inside)
                found = self._failures.get(one.id)
                yield Deployed(one.id, one.finished, team, person.id, rework, found is not None, found and found[0])

    def recovered(self) -> Iterator[Recovered]:
        """The recoveries, by who had triggered what failed."""
        for one in self._deployments:
            failure = self._failures.get(one.id)
            at = failure[1] if failure else None
            person, team = self._counts(self._trigger(one), at) if at else (None, None)
            if person and team and at and at >= one.finished:
                mending = self._mending.get(one.id)
                by = known_as(self._trigger(mending)) if mending else None
                yield Recovered(f"{one.id} recovered", at, team, person.id, by, (at - one.finished).total_seconds())

    def _held(self) -> Mapping[str, tuple[Deployment, list[tuple[Change, bool]]]]:
        """By deployment, the changes that it is the first to hold, whoever wrote them, and whether it says so."""
        content: dict[str, tuple[Deployment, list[tuple[Change, bool]]]] = {}
        for repository, mine in self._by_repository.items():
            merged = mainline(self._company.changes[repository])
            times = [change.merged or change.created for change in merged]
            named: dict[str, str] = {}
            for one in mine:
                for change in told_changes(merged, one):
                    named.setdefault(change.id, one.id)
            taken = set(named)
            reached: dict[str, datetime] = {}  # by part of the repository
            for one in mine:
                inside = [(change, True) for change in told_changes(merged, one) if named[change.id] == one.id]
                to = one.head.merged if one.head else None
                since = {part: reached[part] for part in _brought(one) if part in reached}
                if to and since:
                    for change in merged[bisect_right(times, min(since.values())) : bisect_right(times, to)]:
                        begins = [since[part] for part in _parts(change) if part in since]
                        if change.id not in taken and any(at < (change.merged or to) for at in begins):
                            taken.add(change.id)
                            inside.append((change, False))
                if to:
                    reached |= {part: max(to, reached.get(part, to)) for part in _brought(one)}
                content[one.id] = one, inside
        return content

    def _trigger(self, one: Deployment) -> Account | None:
        if _is_human(one.by):
            return one.by
        inside = [change for change, _ in self._content[one.id][1] if _is_human(change.author)]
        return max(inside, key=lambda change: change.merged or change.created).author if inside else None

    def _failed(self) -> Mapping[str, tuple[bool, datetime | None]]:
        """By failed deployment, whether that is told, and when it was over."""
        disturbed: dict[str, list[tuple[bool, datetime | None]]] = defaultdict(list)
        for incident in self._incidents:
            blamed = incident.caused_by or self._blamed(incident)
            if blamed:
                disturbed[blamed].append((incident.caused_by is not None, incident.resolved))
        found: dict[str, tuple[bool, datetime | None]] = {id: (True, one.finished) for id, one in self._mending.items()}
        for id, signs in disturbed.items():
            ends = [end for _, end in signs]
            over = None if None in ends else max(end for end in ends if end)
            found[id] = id in self._mending or any(told for told, _ in signs), over
        return found

    def _blamed(self, incident: Incident) -> str | None:
        """The last deployment of the service before an incident, for a day."""
        before = [one for one in self._by_service[incident.service] if one.finished <= incident.opened]
        return before[-1].id if before and incident.opened <= before[-1].finished + DAY else None

    def _counts(self, account: Account | None, at: datetime) -> tuple[Person | None, str | None]:
        person = self._known.get(account.person or "") if account else None
        return person, leaf(person, at) if person else None


def _after(earlier: datetime, later: datetime) -> float | None:
    """Seconds; none if a clock ran wrong."""
    return (later - earlier).total_seconds() if later >= earlier else None


def _is_human(account: Account | None) -> bool:
    return account is not None and account is not GHOST and not account.is_bot


def _parts(change: Change) -> set[str]:
    """The services that it touches; the repository itself if none."""
    services = touched(change) if change.repository in SERVICES else ()
    return set(services or [change.repository])


def _brought(one: Deployment) -> set[str]:
    """What a deployment brings: its service, or the repository with all that is in it."""
    return {one.service, *SERVICES.get(one.repository, ())} if one.service == one.repository else {one.service}
