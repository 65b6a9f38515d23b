"""The stages of a change are a partition of its way: whatever happened, in whatever order the clocks say it did.

Random histories, many at once, go through the door and the real models. Nothing of the formula is written down here but
where a way begins and ends.
"""

import datetime as dt
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.policy import Policy
from orchestration.clock import midnight
from orchestration.conformance.case import Case, Event
from orchestration.conformance.door import fill
from orchestration.rehearsal import Model, run, upstream
from orchestration.vault import in_memory
from tests.attacks.laboratory import models

OPENED = dt.datetime(2026, 3, 30, 9, tzinfo=dt.UTC)
CLOCK = midnight(dt.date(2026, 12, 1))
STAGES = ("coding", "pickup", "review", "merge_wait", "unreviewed_wait", "unapproved_review")
TOGETHER = {  # what a change can go through beside coding: reviewed and approved, reviewed, or not
    "approved": {"pickup", "review", "merge_wait"},
    "reviewed": {"pickup", "unapproved_review"},
    "unreviewed": {"unreviewed_wait"},
}
PEOPLE = {"ann": {"teams": "checkout", "accounts": ["ann", "ann-at-work"]}, "bob": "checkout"}
WAYS = f"""
select d.cycle_seconds, p.lead_seconds, p.wait_seconds, {", ".join(f"d.{stage}_seconds" for stage in STAGES)}
from vault.marts.mart_delivery as d
left join vault.marts.mart_dora as p on p.kind = 'change' and p.event_key = d.change_key
"""


@dataclass(frozen=True)
class History:
    """A change: minutes from when it was opened, of commits (authored, committed), of what was done, of its end."""

    commits: list[tuple[int, int]]
    is_draft: bool
    steps: list[tuple[str, int, str | None]]  # what, when, by whom
    merged: int
    deployed: int | None

    @property
    def began(self) -> int:
        """The first commit, ninety days before the opening at most."""
        return max(min((min(pair) for pair in self.commits), default=0), -90 * 24 * 60)

    def events(self, change: str) -> Iterator[Event]:
        """The history as a case tells it."""
        yield Event("change_opened", OPENED, {"change": change, "by": "ann", "draft": self.is_draft})
        commits = [
            {"by": "ann", "authored": _at(a).isoformat(), "committed": _at(c).isoformat()} for a, c in self.commits
        ]
        yield Event("branch_rewritten", OPENED, {"change": change, "commits": commits})
        for place, (kind, minute, by) in enumerate(self.steps):
            review = f"{change}-r{place}"
            if kind in ("change_ready", "change_drafted"):
                yield Event(kind, _at(minute), {"change": change})
                continue
            state = "approved" if kind == "dismissed" else kind
            yield Event("change_reviewed", _at(minute), {"change": change, "by": by, "state": state, "review": review})
            if kind == "dismissed":
                yield Event("review_dismissed", _at(minute), {"change": change, "review": review})
        yield Event("change_merged", _at(self.merged), {"change": change, "by": "bob"})
        if self.deployed is not None:
            of = {"deployment": f"d-{change}", "service": "app", "names": [change]}
            yield Event("deployed", _at(self.deployed), of)


def _at(minute: int) -> dt.datetime:
    return OPENED + dt.timedelta(minutes=minute)


MINUTES = st.integers(-3 * 24 * 60, 30 * 24 * 60) | st.integers(-5, 5)  # clocks disagree, and some times are the same
LONG_AGO = st.integers(-200 * 24 * 60, 0)
KINDS = ("change_ready", "change_drafted", "approved", "approved", "changes_requested", "commented", "dismissed")
STEPS = st.tuples(
    st.sampled_from(KINDS), MINUTES, st.sampled_from(["bob", "bob", "ann", "ann-at-work", "robot", "x", None])
)
HISTORIES = st.builds(
    History,
    commits=st.lists(st.tuples(MINUTES | LONG_AGO, MINUTES | LONG_AGO), max_size=3),
    is_draft=st.booleans(),
    steps=st.lists(STEPS, max_size=6),
    merged=MINUTES,
    deployed=st.none() | MINUTES,
)


@cache
def over() -> tuple[Model, ...]:
    """What is run; no fixture, as hypothesis would print it."""
    return upstream(models(Policy()), ["mart_delivery", "mart_dora"])


@given(histories=st.lists(HISTORIES, min_size=1, max_size=40))
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
def test_the_stages_of_any_change_add_up_to_its_way(histories):
    events = tuple(event for place, one in enumerate(histories) for event in one.events(f"c{place}"))
    case = Case(
        name="random",
        says="",
        period="week",
        zone="UTC",
        people=PEOPLE,
        bots=frozenset({"robot"}),
        listed=(),
        events=events,
        readings=(CLOCK,),
    )
    with closing(in_memory()) as connection:
        connection.execute("attach ':memory:' as vault")
        fill(connection, case)
        run(connection, over())
        rows = connection.execute(WAYS).fetchall()
    for cycle, lead, wait, *stages in rows:
        gone = {stage: seconds for stage, seconds in zip(STAGES, stages, strict=True) if seconds is not None}
        assert all(seconds >= 0 for seconds in gone.values())
        assert sum(gone.values()) == (cycle or 0)
        assert gone if cycle is not None else not gone
        assert any(gone.keys() - {"coding"} <= set(those) for those in TOGETHER.values())
        if None not in (cycle, wait):
            assert lead == cycle + wait
    found = [(cycle, lead, wait) for cycle, lead, wait, *_ in rows]
    assert sorted(found, key=str) == sorted(map(_way, histories), key=str)


def _way(one: History) -> tuple[int | None, ...]:
    """Seconds to the merge, to production, and between the two; None for what ends before it begins."""
    spans = ((one.began, one.merged), (one.began, one.deployed), (one.merged, one.deployed))
    return tuple(60 * (end - start) if end is not None and end >= start else None for start, end in spans)
