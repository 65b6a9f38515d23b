"""A company as the oracle takes it, and the tables that are published of it."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

Day = dt.date
Person = str


@dataclass(frozen=True)
class Unit:
    """A node of the tree in one period; an inner one is a group, at whatever depth."""

    level: str
    parent: str | None


@dataclass(frozen=True)
class Event:
    """Something that took time or went one way: who stood in which role, seconds, whether it is in the numerator.

    `facts`: what else is known of it, by name: further durations in seconds, lines, 1 or 0 for further numerators.
    """

    roles: Mapping[str, Person]
    seconds: int | None = None
    hit: bool = False
    facts: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True)
class Block:
    """One period as it was: the tree, who was where, who did what (unclipped, zeros kept), what happened.

    Four ISO weeks, or, where `block` names the first day of those four weeks, one of them.
    """

    start: Day
    end: Day
    iso_year: int
    units: Mapping[str, Unit]
    members: Mapping[str, frozenset[Person]]
    did: Mapping[str, Mapping[str, Mapping[Person, int]]] = field(
        default_factory=dict
    )  # quantity -> team -> person -> value
    events: Mapping[str, list[Event]] = field(default_factory=dict)  # team -> events
    block: Day | None = None

    @property
    def home(self) -> Day:
        """The four weeks by which people have a home and teams an age."""
        return self.block or self.start


def by_role(quantity: str, role: str) -> str:
    """What a quantity is called where it is counted for who reviewed or merged: under the author's team, by them."""
    return f"{quantity} by {role}"


@dataclass(frozen=True)
class Timing:
    """A measure of events: a percentile of amounts (p50, p75, p90) or a rate of hits; and whose conduct it shows.

    It is of the events' seconds or hits, or, where `fact` names one, of that.
    """

    name: str
    kind: str
    roles: tuple[str, ...]
    fact: str = ""

    @property
    def unit(self) -> str:
        """What a percentile is told in."""
        return next((unit for unit in ("lines", "minutes") if f"_{unit}_" in self.name), "hours")

    def seconds(self, event: Event) -> int | None:
        """How long it took, or how large it was; None where that is not known."""
        return event.facts.get(self.fact) if self.fact else event.seconds

    def hit(self, event: Event) -> bool | None:
        """Whether it is in the numerator; None where it is not in the denominator either."""
        if not self.fact:
            return event.hit
        value = event.facts.get(self.fact)
        return None if value is None else bool(value)


@dataclass(frozen=True)
class Stage:
    """A part of the whole that a share is of: its quantity, and whose conduct it shows beside the author's.

    One without a column is told among the others alone.
    """

    quantity: str
    column: str
    others: tuple[str, ...] = ()

    @property
    def lines(self) -> tuple[str, ...]:
        """The quantities in which it has to be safe."""
        return (self.quantity, *(by_role(self.quantity, role) for role in self.others))


@dataclass(frozen=True)
class Table:
    """One basis: its additive quantities (the first one counts the events, where there are any) and what rests on it.

    `stages` are the shares that add to 100, in their order; `other` takes those that fail. `spread` is the band of the
    first quantity's spread among people, `trend` the word for which of the first two is the larger.
    """

    name: str
    quantities: tuple[str, ...]
    timings: tuple[Timing, ...] = ()
    stages: tuple[Stage, ...] = ()
    other: str = ""
    spread: str = ""
    trend: str = ""

    @property
    def ledger(self) -> tuple[str, ...]:
        """Every quantity that needs constants."""
        return (*self.quantities, *(line for stage in self.stages for line in stage.lines))

    @property
    def columns(self) -> tuple[str, ...]:
        """Every measure."""
        shares = (*(stage.column for stage in self.stages if stage.column), self.other)
        words = (self.spread, self.trend)
        return tuple(filter(None, (*self.quantities, *(timing.name for timing in self.timings), *shares, *words)))


def _percentiles(stem: str, roles: tuple[str, ...], fact: str = "") -> tuple[Timing, ...]:
    return tuple(Timing(f"{stem}_{kind}", kind, roles, fact) for kind in ("p50", "p75", "p90"))


TABLES = (
    Table(
        "team_delivery",
        ("changes_merged",),
        (
            *_percentiles("cycle_time_hours", ("author", "reviewer", "merger")),
            Timing("change_size_lines_p50", "p50", ("author",), "change_size"),
            Timing("change_size_lines_p90", "p90", ("author",), "change_size"),
            Timing("pickup_hours_p50", "p50", ("author", "reviewer"), "change_pickup"),
            Timing("review_hours_p50", "p50", ("author", "reviewer"), "change_review"),
            Timing("unreviewed_rate_pct", "rate", ("author", "reviewer")),
            Timing("self_merged_rate_pct", "rate", ("author", "merger"), "change_self_merged"),
            Timing("another_round_rate_pct", "rate", ("author", "reviewer", "asker"), "change_another_round"),
            Timing("revert_rate_pct", "rate", ("author", "reverted"), "change_revert"),
            Timing("large_change_rate_pct", "rate", ("author",), "change_large"),
        ),
        (
            Stage("coding_seconds", "coding_share_pct"),
            Stage("pickup_seconds", "pickup_share_pct", ("reviewer",)),
            Stage("review_seconds", "review_share_pct", ("reviewer",)),
            Stage("merge_wait_seconds", "merge_wait_share_pct", ("merger",)),
            Stage("unreviewed_wait_seconds", "unreviewed_wait_share_pct", ("merger",)),
            Stage("unapproved_review_seconds", "unapproved_review_share_pct", ("reviewer", "merger")),
        ),
        other="other_stages_share_pct",
    ),
    Table("team_code_volume", ("lines_added", "lines_deleted"), trend="net_growth"),
    Table(
        "team_review",
        ("reviews_given",),
        (
            Timing("first_review_hours_p50", "p50", ("reviewer", "author"), "review_first"),
            Timing("first_review_hours_p75", "p75", ("reviewer", "author"), "review_first"),
            Timing("commented_review_rate_pct", "rate", ("reviewer", "author"), "review_commented"),
        ),
        spread="review_load_spread",
    ),
    Table(
        "team_tasks",
        ("tasks_completed",),
        (
            *_percentiles("lead_time_hours", ("assignee",)),
            *_percentiles("task_cycle_time_hours", ("assignee",), "task_cycle"),
            Timing("bug_rate_pct", "rate", ("assignee",), "task_bug"),
            Timing("reopened_rate_pct", "rate", ("assignee",), "task_reopened"),
            Timing("unplanned_rate_pct", "rate", ("assignee",), "task_unplanned"),
        ),
        (
            Stage("active_seconds", "active_share_pct"),
            Stage("waiting_seconds", "waiting_share_pct"),
            Stage("queued_seconds", ""),
        ),
        other="other_statuses_share_pct",
    ),
    Table(
        "team_wip",
        ("open_items",),
        (
            Timing("open_age_hours_p50", "p50", ("holder",)),
            Timing("open_age_hours_p75", "p75", ("holder",)),
            Timing("open_task_rate_pct", "rate", ("holder",), "item_task"),
            Timing("idle_rate_pct", "rate", ("holder",), "item_idle"),
        ),
    ),
    Table(
        "team_dora",
        ("deployments",),
        (
            *_percentiles("change_lead_time_hours", ("author", "deployer"), "shipped_lead"),
            Timing("deploy_wait_hours_p50", "p50", ("author", "deployer"), "shipped_wait"),
            Timing("recovery_time_hours_p50", "p50", ("deployer", "mender", "responder"), "recovery_time"),
            Timing("change_fail_rate_pct", "rate", ("deployer",), "deployment_failed"),
            Timing("deployment_rework_rate_pct", "rate", ("deployer",), "deployment_rework"),
            Timing("change_linked_rate_pct", "rate", ("author",), "shipped_linked"),
            Timing("failure_linked_rate_pct", "rate", ("deployer",), "deployment_told"),
        ),
    ),
    Table(
        "team_ci",
        ("runs_completed",),
        (
            *_percentiles("run_duration_hours", ("starter",)),
            *_percentiles("queue_minutes", ("starter",), "run_queue"),
            Timing("time_to_green_hours_p50", "p50", ("starter", "breaker"), "run_green"),
            Timing("success_rate_pct", "rate", ("starter",), "run_success"),
            Timing("rerun_rate_pct", "rate", ("starter", "rerunner"), "run_rerun"),
        ),
    ),
)
