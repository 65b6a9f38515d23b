"""The whole company as it stands at the clock: who is there, what they have done, in the order it can be read.

Built week by week from independent streams, then cut at the clock: what has not happened yet is not there. Numbers are
given in the order of creation, so a later clock only adds to the end.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import date
from functools import cached_property

from sources.sandbox import changes as made
from sources.sandbox import ci, commits, incidents, issues, oddities, roster
from sources.sandbox.cast import bots, machine, people
from sources.sandbox.chance import WEEK, midnight, monday
from sources.sandbox.channels import CHANNELS, WORKFLOWS
from sources.sandbox.ci import Run
from sources.sandbox.colleagues import Colleagues
from sources.sandbox.commits import GitCommit
from sources.sandbox.deployments import Deployment, Incident, operated
from sources.sandbox.people import Person
from sources.sandbox.places import PROJECTS, REPOSITORIES
from sources.sandbox.settings import Sandbox
from sources.sandbox.tasks import Issue
from sources.sandbox.work import Change

LATE_NUMBERS = 900_001  # numbers have gaps on GitHub too; these never move when the clock does


class Company:
    """A made-up company; each part is built when it is first asked for."""

    def __init__(self, settings: Sandbox | None = None) -> None:
        self.settings = settings or Sandbox()
        self.people: list[Person] = people(self.settings)
        self.bots = bots(self.settings.seed)
        self.machine = machine(self.settings.seed)
        self._colleagues = Colleagues(self.settings.seed, self.people)

    @cached_property
    def changes(self) -> dict[str, list[Change]]:
        """The changes of each repository on GitHub, by number."""
        found: dict[str, list[Change]] = {name: [] for name in REPOSITORIES}
        begin, clock = midnight(self.settings.start), self.settings.clock
        for change in self._all_changes():
            if begin <= change.created < clock:
                found[change.repository].append(change)
        for listed in found.values():
            listed.sort(key=lambda change: (change.created, change.id))
            for at, change in enumerate(listed, 1):
                change.number = at
        for at, change in enumerate(oddities.late(self.settings, self.people)):
            change.number = LATE_NUMBERS + at
            found[change.repository].append(change)
        for change in (change for listed in found.values() for change in listed):
            change.until(clock)
        return found

    @cached_property
    def runs(self) -> dict[str, list[Run]]:
        """The runs of workflows in each repository, oldest first; changes that come to light late set off none."""
        found: dict[str, list[Run]] = {name: [] for name in REPOSITORIES}
        changes = [change for listed in self.changes.values() for change in listed if change.number < LATE_NUMBERS]
        keeper = self.people[0].accounts[0]
        for run in ci.runs(self.settings.seed, changes, keeper, self._weeks()):
            if run.created < self.settings.clock:
                run.until(self.settings.clock)
                found[run.repository].append(run)
        for one in self.rollouts[0]:
            if CHANNELS.get(one.repository) == WORKFLOWS:
                found[one.repository].append(ci.of_deployment(self.settings, one))
        for listed in found.values():
            listed.sort(key=lambda run: (run.created, run.id))
        return found

    @cached_property
    def issues(self) -> dict[str, list[Issue]]:
        """The issues of each project, by number."""
        found: dict[str, list[Issue]] = {name: [] for name in PROJECTS}
        begin, clock = midnight(self.settings.start), self.settings.clock
        for week in self._weeks():
            for issue in issues.issues(self.settings, self._colleagues, self.machine, week):
                if begin <= issue.created < clock:
                    found[issue.project].append(issue)
        for issue in incidents.issues(self.settings.seed, self.operations[1]):
            found[issue.project].append(issue)
        for listed in found.values():
            listed.sort(key=lambda issue: (issue.created, issue.id))
            issues.epics(listed)
            for at, issue in enumerate(listed, 1):
                issue.number = at
        for at, issue in enumerate(issues.late(self.settings, self.people, oddities.LATE_UNIT)):
            issue.number = LATE_NUMBERS + at
            found[issue.project].append(issue)
        for issue in (issue for listed in found.values() for issue in listed):
            issue.until(clock)
        return found

    @cached_property
    def commits(self) -> dict[str, list[GitCommit]]:
        """The commits of each repository that git serves, oldest first."""
        return commits.served(self.settings, self.people, self._colleagues, self.changes)

    @cached_property
    def rollouts(self) -> tuple[list[Deployment], list[Incident]]:
        """Deployments that have begun, and incidents, oldest first; GitHub tells none of changes that come late."""
        known = {
            name: [change for change in listed if name not in CHANNELS or change.number < LATE_NUMBERS]
            for name, listed in self.changes.items()
        }
        return operated(self.settings.seed, known, self.settings.clock)

    @cached_property
    def operations(self) -> tuple[list[Deployment], list[Incident]]:
        """Deployments that have ended, and incidents, oldest first."""
        begun, incidents = self.rollouts
        return [one for one in begun if one.finished < self.settings.clock], incidents

    @cached_property
    def roster(self) -> bytes:
        """The roster file."""
        return roster.text(self.settings, self.people)

    @cached_property
    def identifiers(self) -> list[str]:
        """Every name, login, address and account id that exists, those of bots and of the un-rostered too."""
        found: dict[str, None] = {}
        for account in [*self.bots, *(account for person in self.people for account in person.accounts)]:
            found |= dict.fromkeys((account.login, account.node, str(account.number), account.email))
        for tracker in [self.machine, *(tracker for person in self.people for tracker in person.trackers)]:
            found |= dict.fromkeys((tracker.account, tracker.name, tracker.email))
        for person in self.people:
            found |= dict.fromkeys((person.id, person.name.full, person.name.family, *person.emails))
        return sorted(found | dict.fromkeys(commits.old_addresses(self.people)))

    def _weeks(self) -> list[date]:
        first, last = monday(self.settings.start), self.settings.clock.date()
        return [first + WEEK * at for at in range((last - first).days // 7 + 1)]

    def _all_changes(self) -> list[Change]:
        found: dict[str, list[Change]] = defaultdict(list)
        for week in self._weeks():
            around = (self.settings, self._colleagues, self.bots, week)
            found["people"] += made.changes(*around)
            found["machines"] += oddities.automatic(*around)
            found["deleted"] += oddities.deleted(*around)
        planted = oddities.planted(self.settings, self._colleagues, self.people)
        return [*found["people"], *found["machines"], *found["deleted"], *planted]
