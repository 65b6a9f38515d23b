"""What counts of the company's runs of workflows, by definitions read off the records."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sources.sandbox.ci import FAILED, Attempt, Run
from sources.sandbox.company import Company
from sources.sandbox.oracle import known_as, leaf

A_WEEK = timedelta(days=7)  # how long after its creation a run may be repeated to count as repeated


@dataclass(frozen=True, slots=True)
class Ended:
    """A run whose first attempt ended one way or the other, started by somebody who counts for a team."""

    subject: str
    at: datetime
    team: str
    starter: str
    duration: float | None  # seconds, of a success
    is_success: bool
    is_rerun: bool
    rerunner: str | None
    queue: float | None  # seconds, where a job ran
    green: float | None  # seconds since its workflow broke, where it mended it
    breaker: str | None


def ended(company: Company) -> Iterator[Ended]:
    """All runs that count."""
    people = {person.id: person for person in company.people}
    for listed in company.runs.values():
        mended = _mended(listed)
        for run in listed:
            first = run.attempts[0]
            person = people.get(known_as(first.by) or "")
            if person is None or first.ended is None or not _is_human(run) or _won(first) is None:
                continue
            team = leaf(person, first.ended)
            if team is None:
                continue
            again = [attempt for attempt in run.attempts[1:2] if attempt.ended and _is_early(run, attempt)]
            broken, by = mended.get(run.id, (None, None))
            yield Ended(
                subject=str(run.id),
                at=first.ended,
                team=team,
                starter=person.id,
                duration=(first.ended - first.started).total_seconds() if _won(first) else None,
                is_success=bool(_won(first)),
                is_rerun=bool(again),
                rerunner=known_as(again[0].by) if again else None,
                queue=_queue(run, first),
                green=broken,
                breaker=by,
            )


def _queue(run: Run, first: Attempt) -> float | None:
    """How long the first attempt waited for a machine."""
    began = min(run.jobs(), default=None)
    if began is None or first.ended is None or began > first.ended:
        return None
    return (began - run.created).total_seconds()


def _is_human(run: Run) -> bool:
    """Whether somebody set it off: for a change, or on the main branch."""
    return run.event == "pull_request" or run.branch == "main" and run.event in {"push", "workflow_dispatch"}


def _won(attempt: Attempt) -> bool | None:
    """How it went; nothing if it was cancelled, skipped or is still going on."""
    return True if attempt.conclusion == "success" else False if attempt.conclusion in FAILED else None


def _is_early(run: Run, attempt: Attempt) -> bool:
    return attempt.started < run.created + A_WEEK


def _mended(listed: list[Run]) -> dict[int, tuple[float, str | None]]:
    """The runs after which a workflow's main branch was green again: since when it was red, by whom."""
    lines: dict[str, list[tuple[datetime, bool, int, Attempt]]] = defaultdict(list)
    for run in listed:
        if run.branch == "main" and run.event != "pull_request":
            for attempt in run.attempts:
                won = _won(attempt)
                if won is not None and attempt.ended and _is_early(run, attempt):
                    lines[run.workflow].append((attempt.ended, won, run.id, attempt))
    found: dict[int, tuple[float, str | None]] = {}
    for line in lines.values():
        red: Attempt | None = None
        for at, won, id, attempt in sorted(line, key=lambda one: one[:3]):
            if not won:
                red = red or attempt
            elif red is not None and red.ended:
                found.setdefault(id, ((at - red.ended).total_seconds(), known_as(red.by)))
                red = None
    return found
