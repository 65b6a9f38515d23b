"""What stands behind GitHub's GraphQL: its repositories, the orders they are read in, the budget of requests."""

from __future__ import annotations

import time
from collections import defaultdict
from datetime import UTC, datetime

from sources.sandbox.chance import number, token
from sources.sandbox.ci import Run
from sources.sandbox.company import Company
from sources.sandbox.deployments import Deployment
from sources.sandbox.dialects.github_objects import Thing, when
from sources.sandbox.dialects.limits import Costs
from sources.sandbox.places import ARCHIVED, EMPTY, REPOSITORIES, archived_on
from sources.sandbox.work import Change

BUDGET = 5000
SUITE = "CS_kw"
MAIN = {"__typename": "Ref", "id": "REF_main", "name": "main", "prefix": "refs/heads/"}


class GitHub:
    """One company's GitHub."""

    def __init__(self, company: Company, web: str) -> None:
        self.company = company
        self.web = web
        self.overlap = 0  # how many of a page are repeated on the next one
        self.gone: frozenset[str] = frozenset()
        self._used = 0
        self._orders: dict[tuple[str, str], list[Change]] = {}
        self._runs: dict[int, Run] = {}
        self._rollouts: dict[str, list[Deployment]] = defaultdict(list)

    def spend(self, points: int) -> None:
        """Count what a question cost."""
        self._used += points

    def rate(self, costs: Costs) -> Thing:
        """What GitHub tells of its limits in GraphQL."""
        left = max(BUDGET - self._used, BUDGET // 5)
        reset = datetime.fromtimestamp(self._reset(), UTC).replace(tzinfo=None)
        return {
            "__typename": "RateLimit", "limit": BUDGET, "cost": costs.points, "remaining": left,
            "used": BUDGET - left, "resetAt": when(reset), "nodeCount": costs.nodes,
        }  # fmt: skip

    def _reset(self) -> int:
        return int(time.time()) // 3600 * 3600 + 3600

    def headers(self, resource: str = "graphql") -> dict[str, str]:
        """What GitHub tells about its limits with every answer."""
        left = max(BUDGET - self._used, BUDGET // 5)
        told = {"limit": BUDGET, "remaining": left, "used": BUDGET - left, "reset": self._reset()}
        return {
            **{f"x-ratelimit-{name}": str(value) for name, value in told.items()},
            "x-ratelimit-resource": resource,
            "x-github-request-id": token(20, time.time()),
        }

    def known(self, owner: object, name: object) -> str | None:
        """The repository of this name, whatever its case."""
        names = {one.casefold(): one for one in REPOSITORIES}
        found = names.get(str(name).casefold())
        same = str(owner).casefold() == self.company.settings.organisation.casefold()
        return found if same and found not in self.gone else None

    def order(self, name: str, field: str) -> list[Change]:
        """The changes of a repository by when they were created or updated."""
        found = self._orders.get((name, field))
        if found is None:
            found = sorted(self.company.changes[name], key=lambda change: place(change, field))
            self._orders[name, field] = found
        return found

    def run(self, id: int) -> Run | None:
        """The run of this id."""
        if not self._runs:
            self._runs = {run.id: run for listed in self.company.runs.values() for run in listed}
        return self._runs.get(id)

    def of_suite(self, node: str) -> Run | None:
        """The run that a suite of check runs belongs to."""
        id = node.removeprefix(SUITE)
        return self.run(int(id)) if id.isdigit() else None

    def rollouts(self, name: str) -> list[Deployment]:
        """The deployments of a repository that have begun."""
        if not self._rollouts:
            for one in self.company.rollouts[0]:
                self._rollouts[one.repository].append(one)
        return self._rollouts[name]

    def described(self, name: str) -> Thing:
        """A repository without what hangs on it."""
        listed = self.order(name, "updated")
        start = datetime.fromisoformat("2019-05-06T07:08:09")
        settings = self.company.settings
        pushed = when(listed[-1].updated if listed else start)
        full = f"{settings.organisation}/{name}"
        boss = self.company.people[0].accounts[0]
        return {
            "__typename": "Repository", "id": f"R_kgDO{token(8, name)}", "databaseId": number(9, "repository", name),
            "name": name, "nameWithOwner": full, "url": f"{self.web}/{full}", "description": f"Kept by {boss.name}",
            "isArchived": name == ARCHIVED and archived_on(settings.start) < settings.clock.date(),
            "isFork": False, "isEmpty": name == EMPTY, "isPrivate": True, "isDisabled": False,
            "createdAt": when(start), "updatedAt": pushed, "pushedAt": pushed,
            "diskUsage": 0 if name == EMPTY else 108 + len(listed),
            "defaultBranchRef": None if name == EMPTY else dict(MAIN),
        }  # fmt: skip


def suite(run: Run) -> str:
    """The id of the suite of a run's check runs."""
    return f"{SUITE}{run.id}"


def place(change: Change, field: str) -> str:
    """Where a change stands in an order; what a cursor holds."""
    return f"{getattr(change, field).isoformat()}#{change.number:09d}"
