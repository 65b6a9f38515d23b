"""How issues come and go: a week at a time, each week of each person a random stream of its own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from random import Random

from sources.sandbox.chance import hours, monday, number, poisson, season, stream, work_time
from sources.sandbox.colleagues import Colleagues
from sources.sandbox.people import Person, Tracker
from sources.sandbox.places import workplace
from sources.sandbox.settings import Sandbox
from sources.sandbox.tasks import Issue, Move

KINDS = {"Story": 36, "Task": 26, "Bug": 24, "Sub-task": 8, "Spike": 4, "Epic": 2}
LAST_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Around:
    """Who is there when an issue goes its way."""

    colleagues: Colleagues
    unit: str
    machine: Tracker


def issues(settings: Sandbox, colleagues: Colleagues, machine: Tracker, week: date) -> Iterator[Issue]:
    """All issues that are created in a week."""
    for person, unit in colleagues.at_work(week):
        rng = stream(settings.seed, "issues", person.id, week)
        expected = person.issues * season(week) * (0.1 if colleagues.away(person, week) else 1)
        for at in range(poisson(rng, expected)):
            id = str(number(9, settings.seed, "issue", person.id, week, at))
            issue = _opened(rng, person, unit, week, id)
            if person.team(issue.created.date()):
                _lived(rng, issue, rng.choice(person.trackers), Around(colleagues, unit, machine))
                _detoured(stream(settings.seed, "detours", issue.id), issue)
                yield issue


def late(settings: Sandbox, cast: list[Person], unit: str) -> Iterator[Issue]:
    """Issues finished on days of the past that only now come to light."""
    for at, day in enumerate(settings.late_days):
        pool = [person for person in cast if person.team(day) == unit and person.issues and person.rostered]
        tracker = pool[(at + 3) % len(pool)].trackers[0]
        created = datetime.combine(day, time(8, 5, 1))
        issue = Issue(str(number(9, settings.seed, "late", day)), "RNT", "Task", created, assignee=tracker)
        _move(issue, created + timedelta(hours=3), "Done", tracker)
        issue.resolution = "Done"
        issue.touches = [settings.clock - timedelta(seconds=30)]
        yield issue


def _opened(rng: Random, person: Person, unit: str, week: date, id: str) -> Issue:
    """An issue as it is created."""
    kind = rng.choices(list(KINDS), list(KINDS.values()))[0]
    issue = Issue(id, workplace(unit).project, kind, work_time(rng, week))
    issue.reporter = person.trackers[0]
    issue.points = rng.choice((1.0, 2.0, 3.0, 5.0, 8.0, 0.5)) if kind == "Story" else None
    return issue


def _lived(rng: Random, issue: Issue, holder: Tracker, around: Around) -> None:
    """Its passage through states and hands."""
    fate = rng.random()
    at = issue.created
    if fate < 0.006:  # brought over from elsewhere, already done
        issue.state, issue.assignee, issue.resolution = "Done", holder, "Done"
        return
    at = _taken_up(rng, issue, holder, at)
    if fate < 0.09:
        if fate > 0.045:
            issue.touches.append(at + hours(rng, 100))
            return
        at += hours(rng, 70)
        _move(issue, at, "Done", holder)
        issue.resolution = "Won't Do" if fate < 0.028 else "Duplicate"
        return
    holder = _worked_on(rng, issue, holder, around, at)
    at = max(move.at for move in issue.moves)
    _move(issue, at + hours(rng, 9), "Done", holder if rng.random() < 0.8 else around.machine)
    issue.resolution = "Done" if rng.random() < 0.8 else "Fixed"
    if rng.random() < 0.06:
        again = issue.moves[-1].at + hours(rng, 80)
        _move(issue, again, "In Progress", issue.reporter)
        _move(issue, again + hours(rng, 30), "Done", holder)
    _after(rng, issue, around)


def _taken_up(rng: Random, issue: Issue, holder: Tracker, at: datetime) -> datetime:
    """It finds an assignee, at once or later."""
    if rng.random() < 0.45:
        issue.assignee = holder
        return at
    at += hours(rng, 30)
    issue.moves.append(Move(at, "assignee", None, holder, issue.reporter))
    return at


def _worked_on(rng: Random, issue: Issue, holder: Tracker, around: Around, at: datetime) -> Tracker:
    """It is begun, perhaps handed on, perhaps reviewed; who holds it in the end."""
    if rng.random() < 0.3:
        at += hours(rng, 20)
        _move(issue, at, "Selected for Development", holder)
    at += hours(rng, 40)
    _move(issue, at, "In Progress", holder)
    if rng.random() < 0.09:
        at += hours(rng, 12)
        colleague = around.colleagues.reviewer(rng, monday(at.date()), around.unit, {holder.person or ""})
        if colleague:
            issue.moves.append(Move(at, "assignee", holder, colleague.trackers[0], holder))
            holder = colleague.trackers[0]
    if rng.random() < 0.6:
        at += hours(rng, 26)
        _move(issue, at, "In Review", holder)
    return holder


def _detoured(rng: Random, issue: Issue) -> None:
    """It may have come unplanned; and while it is worked on it may get stuck, or go back to where it came from."""
    issue.unplanned = rng.random() < (0.5 if issue.kind == "Bug" else 0.2)
    place = rng.choices(("Blocked", "To Do", None), (30, 25, 45))[0]
    turns = [move for move in issue.moves if move.field == "status"]
    for entered, left in pairwise(turns) if place else ():
        length = left.at - entered.at
        if entered.after == "In Progress" and length > timedelta(hours=4):
            out, back = (entered.at + timedelta(seconds=int(length.total_seconds() * part)) for part in (0.3, 0.6))
            issue.moves.append(Move(out, "status", "In Progress", place, entered.by))
            issue.moves.append(Move(back, "status", place, "In Progress", entered.by))
            return


def _after(rng: Random, issue: Issue, around: Around) -> None:
    """What happens to it when it is done: closed, given to somebody else, to nobody or to a machine, talked about."""
    at = issue.moves[-1].at
    if rng.random() < 0.25:
        at += hours(rng, 50)
        _move(issue, at, "Closed", around.machine)
    if rng.random() < 0.05:
        at += hours(rng, 20)
        before = issue.held_by()
        other = around.colleagues.reviewer(rng, monday(at.date()), around.unit, set())
        after = rng.choice((None, around.machine, other.trackers[0] if other else None))
        if after != before:
            issue.moves.append(Move(at, "assignee", before, after, around.machine))
    if rng.random() < 0.2:
        issue.touches.append(at + hours(rng, 90))


def _move(issue: Issue, at: datetime, state: str, by: Tracker | None) -> None:
    """Note a new state, a second after the last move at the earliest."""
    last = max((move.at for move in issue.moves), default=issue.created)
    at = max(at, last + LAST_SECOND)
    issue.moves.append(Move(at, "status", issue.status, state, by))


def epics(found: list[Issue]) -> None:
    """Give stories and tasks an epic of their project, the last one begun before them."""
    current: dict[str, Issue] = {}
    for issue in found:
        if issue.kind == "Epic":
            current[issue.project] = issue
        else:
            issue.epic = current.get(issue.project)
