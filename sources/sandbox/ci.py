"""Runs of workflows, as the work of the company sets them off: on its changes, on its default branches, by the clock.

Each run is drawn from a stream of its own and hangs on one moment of one change, so that a later clock only adds.
Runs fail, are cancelled, skipped or run out of time; some are run again, mostly within the hour, a few long after.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from random import Random

from sources.sandbox.chance import DAY, hours, midnight, number, stream, token
from sources.sandbox.channels import DEPLOY, told_number
from sources.sandbox.deployments import Deployment
from sources.sandbox.people import Account
from sources.sandbox.places import EMPTY, REPOSITORIES
from sources.sandbox.settings import Sandbox
from sources.sandbox.work import Change, Review

CHECKS, NIGHTLY = "checks", "nightly"  # the workflows of a repository
CONCLUSIONS = ("success", "failure", "timed_out", "startup_failure", "cancelled", "skipped", "action_required")
ON_CHANGE = (74, 15, 0.8, 0.2, 7, 2, 1)
ON_MAIN = (86, 10, 0.6, 0.2, 2, 1, 0.2)
FAILED = frozenset({"failure", "timed_out", "startup_failure"})
MOST_PUSHES = 2  # later ones of a change set off no run of their own


@dataclass(slots=True)
class Attempt:
    """One attempt of a run; `ended` and the conclusion are known once the clock has passed its end."""

    by: Account | None
    started: datetime
    ended: datetime | None
    conclusion: str | None


@dataclass(slots=True)
class Run:
    """One run of a workflow, with all its attempts."""

    key: str
    repository: str
    workflow: str
    event: str
    branch: str
    actor: Account | None
    created: datetime
    waits: timedelta = timedelta()  # for a machine, each attempt anew
    attempts: list[Attempt] = field(default_factory=list)
    id: int = 0
    sha: str = ""

    def jobs(self) -> list[datetime]:
        """When the first job of each attempt began, where it had any that ran."""
        ran = [one for one in self.attempts if one.conclusion in {"success", "failure", "timed_out"} and one.ended]
        return [min(one.started + self.waits, one.ended) for one in ran if one.ended]

    def until(self, clock: datetime) -> None:
        """Forget what happens at the clock or later."""
        self.attempts = [attempt for attempt in self.attempts if attempt.started < clock]
        last = self.attempts[-1]
        if last.ended and last.ended >= clock:
            last.ended = last.conclusion = None


def runs(seed: int, changes: Iterable[Change], keeper: Account, weeks: Iterable[date]) -> Iterator[Run]:
    """All runs that these changes and the schedule set off; a schedule is told as its keeper's."""
    for change in changes:
        yield from _of_change(seed, change)
    for repository in REPOSITORIES:
        for week in weeks if repository != EMPTY else ():
            rng = stream(seed, "nightly", repository, week)
            created = midnight(week + DAY * 2) + timedelta(hours=3, seconds=rng.randint(0, 600))
            run = Run(f"{repository}/{week}", repository, NIGHTLY, "schedule", "main", keeper, created)
            yield _lived(seed, rng, run, ON_MAIN)


def of_deployment(settings: Sandbox, one: Deployment) -> Run:
    """The run of the workflow that deploys, set off by the merge."""
    by = one.head.merged_by if one.head else None
    run = Run(one.id, one.repository, DEPLOY, "push", "main", by, one.begun, sha=one.sha)
    run.id = told_number(settings, one)
    run.attempts.append(Attempt(by, one.begun, one.finished, one.status))
    run.until(settings.clock)
    return run


def _of_change(seed: int, change: Change) -> Iterator[Run]:
    """Its first commits and some later pushes are checked, and what they were merged into once more."""
    head = f"topic/{token(8, change.id)}"
    pushes = sorted({commit.pushed for commit in change.commits if commit.pushed > change.created})
    for at, pushed in enumerate([change.created, *pushes[:MOST_PUSHES]]):
        rng = stream(seed, "checks", change.id, at)
        if at and rng.random() < 0.7:
            continue
        branch = "main" if change.fork_deleted else head  # a fork's own main
        run = Run(f"{change.id}/{at}", change.repository, CHECKS, "pull_request", branch, change.author, pushed)
        yield _lived(seed, rng, run, ON_CHANGE, change.reviews)
    if change.merged:
        rng = stream(seed, "merged", change.id)
        merged = change.merged + timedelta(seconds=rng.randint(1, 9))
        run = Run(f"{change.id}/m", change.repository, CHECKS, "push", change.base, change.merged_by, merged)
        yield _lived(seed, rng, run, ON_MAIN)
        if rng.random() < 0.02:
            asked = merged + hours(rng, 5)
            run = Run(f"{change.id}/d", change.repository, CHECKS, "workflow_dispatch", "main", run.actor, asked)
            yield _lived(seed, rng, run, ON_MAIN)


def _lived(seed: int, rng: Random, run: Run, weights: tuple[float, ...], reviews: Sequence[Review] = ()) -> Run:
    """The run with its whole life; who has it done again is who started it, now and then who had reviewed by then."""
    run.id = number(12, seed, "run", run.key)
    run.waits = hours(stream(seed, "queue", run.key), 0.02, 1.0)
    conclusion = rng.choices(CONCLUSIONS, weights)[0]
    median = 0.1 + number(2, run.repository, run.workflow) / 200  # hours: each repository has its own pace
    _attempt(rng, run, run.actor, run.created, conclusion, median)
    chance = 0.3 if conclusion in FAILED else 0.1 if conclusion == "cancelled" else 0.008
    for again in range(2):
        ended = run.attempts[-1].ended
        if ended is None or rng.random() >= (chance if again == 0 else 0.15):
            break
        pause = hours(rng, 0.3) if rng.random() < 0.97 else timedelta(days=rng.randint(8, 20))
        started = ended + pause
        seen = [review for review in reviews if review.at < started]
        by = min(seen, key=lambda review: review.at).author if rng.random() < 0.3 and seen else run.actor
        conclusion = rng.choices(CONCLUSIONS, (78, 20, 0, 0, 2, 0, 0))[0]
        _attempt(rng, run, by, started, conclusion, median)
    return run


def _attempt(rng: Random, run: Run, by: Account | None, started: datetime, conclusion: str, median: float) -> None:
    taken = timedelta(seconds=2) if conclusion in {"skipped", "startup_failure", "action_required"} else None
    length = timedelta(hours=6) if conclusion == "timed_out" else taken or hours(rng, median, 0.5)
    run.attempts.append(Attempt(by, started, started + length, conclusion))
