"""The truth about the company, written from the simulation itself: what tests hold the pipeline's numbers against.

`contributions`: who gave how much to which team and week, after both clips; `totals`: the same before the second one,
which is how the constants of a later year are known, and who reviewed how long for which author's team (`… by
reviewer`). `events`: each merged change, finished task, run of a workflow, deployment and recovery with everybody's
part in it, and what was open, in `totals` and here at the end of every week, in `contributions` of every block.
`members`, `hierarchy`: who counts for whom in a block. `identifiers.txt`: every name, login, address and account id. No
code of the pipeline takes part.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import TYPE_CHECKING

from sources.sandbox.chance import block_start, next_block
from sources.sandbox.clips import CHANGE_CLIP, Given, clipped, totals
from sources.sandbox.company import Company
from sources.sandbox.open_work import SECOND, Held, held
from sources.sandbox.oracle import Finished, Merged, finished, leaf, merged
from sources.sandbox.oracle_ci import Ended, ended
from sources.sandbox.oracle_reviews import given
from sources.sandbox.people import Person
from sources.sandbox.places import ALONE, GROUPS, TEAMS, founded, team_start
from sources.sandbox.production import Production
from sources.sandbox.settings import Sandbox

if TYPE_CHECKING:
    import pyarrow as pa

Row = tuple[object, ...]
SHOWN = {  # whose conduct a stage is, beside the author's
    "reviewer": {"pickup", "review", "unapproved_review"},
    "merger": {"merge_wait", "unreviewed_wait", "unapproved_review"},
}
LARGE = 400  # lines, added and deleted together


def write_truth(settings: Sandbox | None, folder: str | Path) -> Path:
    """Write the truth into a folder, made if it is not there."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    company = Company(settings)
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    changes, tasks, runs = list(merged(company)), list(finished(company)), list(ended(company))
    production = Production(company)
    own = [*_given(company, changes, tasks), *_deployed(production), *_started(runs)]
    open_work = list(held(company))
    text, moment, number, day = pa.string(), pa.timestamp("s"), pa.float64(), pa.date32()
    tables: dict[str, tuple[dict[str, pa.DataType], Iterable[Row]]] = {
        "contributions": (
            {"mart": text, "measure": text, "team": text, "period": day, "person": text, "quantity": number},
            clipped([*own, *_held(one for one in open_work if _ends_a_block(one.at))]),
        ),
        "totals": (
            {"mart": text, "measure": text, "week": day, "team": text, "person": text, "quantity": pa.int64()},
            totals([*own, *_in_other_roles(changes), *_held(open_work)]),
        ),
        "events": (
            dict.fromkeys(("kind", "at", "actor", "role", "team", "subject", "value"), text)
            | {"at": moment, "value": number},
            [*_events(changes, tasks), *_reviews(company), *_open(open_work), *_production(production), *_runs(runs)],
        ),
        "hierarchy": ({"team": text, "parent": text}, _hierarchy(company)),
        "members": ({"period_start": day, "team": text, "person": text}, _members(company)),
    }
    for name, (columns, rows) in tables.items():
        pq.write_table(_table(columns, rows), target / f"{name}.parquet")
    (target / "identifiers.txt").write_text("\n".join(company.identifiers) + "\n", encoding="utf-8")
    return target


def _table(columns: dict[str, pa.DataType], rows: Iterable[Row]) -> pa.Table:
    import pyarrow as pa

    ordered = sorted(rows, key=str)
    values = list(zip(*ordered, strict=True)) or [()] * len(columns)
    return pa.table(
        [pa.array(column, kind) for column, kind in zip(values, columns.values(), strict=True)], list(columns)
    )


def _given(company: Company, changes: Sequence[Merged], tasks: Sequence[Finished]) -> Iterator[Given]:
    """Every contribution, each change clipped, persons not yet."""
    for change in changes:
        yield Given("team_delivery", "changes_merged", change.team, change.at, change.author, 1)
        yield from _lines(change.team, change.at, change.author, (change.additions, change.deletions))
        for stage, seconds in change.stages.items():
            yield Given("team_delivery", f"{stage}_seconds", change.team, change.at, change.author, int(seconds))
    for review in given(company):
        yield Given("team_review", "reviews_given", review.team, review.at, review.reviewer, 1)
    for task in tasks:
        yield Given("team_tasks", "tasks_completed", task.team, task.at, task.assignee, 1)
        for status, seconds in task.spent.items():
            yield Given("team_tasks", f"{status}_seconds", task.team, task.at, task.assignee, int(seconds))
    known = {person.id: person for person in company.people}
    for commit in company.commits[ALONE]:
        person = known.get(commit.person or "")
        team = leaf(person, commit.committed) if person else None
        if person and team:
            yield from _lines(team, commit.committed, person.id, (commit.additions, commit.deletions))


def _started(runs: Sequence[Ended]) -> Iterator[Given]:
    for run in runs:
        yield Given("team_ci", "runs_completed", run.team, run.at, run.starter, 1)


def _in_other_roles(changes: Sequence[Merged]) -> Iterator[Given]:
    """The stages that show whoever reviewed first, or merged, counted for them, where the change counts."""
    for change in changes:
        for role, person in {"reviewer": change.reviewer, "merger": change.merger}.items():
            if person:
                for stage in (stage for stage in change.stages if stage in SHOWN[role]):
                    measure, seconds = f"{stage}_seconds by {role}", int(change.stages[stage])
                    yield Given("team_delivery", measure, change.team, change.at, person, seconds)


def _lines(team: str, at: datetime, person: str, lines: tuple[int, int]) -> Iterator[Given]:
    for measure, count in zip(("lines_added", "lines_deleted"), lines, strict=True):
        yield Given("team_code_volume", measure, team, at, person, min(count, CHANGE_CLIP))


def _held(open_work: Iterable[Held]) -> Iterator[Given]:
    """What is open is counted at the end of a week, for a block at its last."""
    for one in open_work:
        yield Given("team_wip", "open_items", one.team, one.at, one.holder, 1)


def _ends_a_block(moment: datetime) -> bool:
    return block_start((moment + SECOND).date()) == (moment + SECOND).date()


def _deployed(production: Production) -> Iterator[Given]:
    for one in production.deployed():
        yield Given("team_dora", "deployments", one.team, one.at, one.deployer, 1)


def _production(production: Production) -> Iterator[Row]:
    for change in production.shipped():
        facts = {"change_shipped": None, "shipped_lead": change.lead, "shipped_wait": change.wait}
        facts |= {"shipped_linked": float(change.is_linked)}
        for role, actor in {"author": change.author, "deployer": change.deployer}.items():
            for kind, value in facts.items() if actor else ():
                yield kind, change.at, actor, role, change.team, change.subject, value
    for one in production.deployed():
        told = None if one.is_told is None else float(one.is_told)
        facts = {"deployment": None, "deployment_rework": float(one.is_rework), "deployment_told": told}
        for kind, value in (facts | {"deployment_failed": float(one.is_failed)}).items():
            yield kind, one.at, one.deployer, "deployer", one.team, one.subject, value
    for end in production.recovered():
        for role, actor in {"deployer": end.deployer, "mender": end.mender}.items():
            for kind, value in {"recovery": None, "recovery_time": end.after}.items() if actor else ():
                yield kind, end.at, actor, role, end.team, end.subject, value


def _open(open_work: Iterable[Held]) -> Iterator[Row]:
    """What is open stands in every week that ends meanwhile, each time as a subject of its own."""
    for one in open_work:
        facts = {"item_open": one.age, "item_task": float(one.is_task), "item_idle": float(one.is_idle)}
        for kind, value in facts.items():
            yield kind, one.at, one.holder, "holder", one.team, f"{one.subject}@{one.at:%Y-%m-%d}", value


def _events(changes: Sequence[Merged], tasks: Sequence[Finished]) -> Iterator[Row]:
    for change in changes:
        parts = {"author": change.author, "reviewer": change.reviewer, "merger": change.merger}
        parts |= {"asker": change.asker, "reverted": change.reverted}
        unreviewed = float(change.unreviewed)
        for role, actor in parts.items():
            if actor is None:
                continue
            yield "change_merged", change.at, actor, role, change.team, change.subject, change.cycle
            yield "change_unreviewed", change.at, actor, role, change.team, change.subject, unreviewed
            for kind, value in _facts(change).items():
                yield kind, change.at, actor, role, change.team, change.subject, value
    for task in tasks:
        known = {
            "task_completed": task.lead,
            "task_cycle": task.cycle,
            "task_bug": float(task.is_bug),
            "task_reopened": float(task.was_reopened),
            "task_unplanned": float(task.is_unplanned),
        }
        for kind, value in known.items():
            yield kind, task.at, task.assignee, "assignee", task.team, task.subject, value


def _reviews(company: Company) -> Iterator[Row]:
    for review in given(company):
        known = {
            "review_given": None,
            "review_first": review.first,
            "review_commented": float(review.is_commented),
        }
        for role, actor in {"reviewer": review.reviewer, "author": review.author}.items():
            for kind, value in known.items() if actor else ():
                yield kind, review.at, actor, role, review.team, review.subject, value


def _runs(runs: Sequence[Ended]) -> Iterator[Row]:
    for run in runs:
        parts = {"starter": run.starter, "rerunner": run.rerunner, "breaker": run.breaker}
        known = {
            "run_completed": run.duration,
            "run_success": float(run.is_success),
            "run_rerun": float(run.is_rerun),
            "run_queue": run.queue,
            "run_green": run.green,
        }
        for role, actor in parts.items():
            for kind, value in known.items() if actor else ():
                yield kind, run.at, actor, role, run.team, run.subject, value


def _facts(change: Merged) -> dict[str, float | None]:
    return {
        "change_pickup": change.stages.get("pickup"),
        "change_review": change.stages.get("review"),
        "change_size": float(change.additions + change.deletions),
        "change_large": float(change.additions + change.deletions > LARGE),
        "change_self_merged": float(change.is_self_merged),
        "change_another_round": None if change.is_another_round is None else float(change.is_another_round),
        "change_revert": float(change.is_revert),
    }


def _hierarchy(company: Company) -> Iterator[Row]:
    """Each unit and its parent; the organisation has none."""
    settings = company.settings
    yield settings.organisation, None
    for group in GROUPS:
        yield group, settings.organisation
    for team in TEAMS:
        if team_start(team.id, settings.start) <= settings.clock.date():
            yield team.id, team.group
    for unit in sorted({team for _, team, _ in _members(company) if str(team).endswith(":direct")}, key=str):
        yield unit, str(unit).removesuffix(":direct")


def _members(company: Company) -> Iterator[Row]:
    """The home team of everybody who has one, in each block that has begun."""
    block = founded(company.settings.start)
    while block <= company.settings.clock.date():
        for person in company.people:
            team = _home(person, block)
            if team:
                yield block, team, person.id
        block = next_block(block)


def _home(person: Person, block: date) -> str | None:
    return leaf(person, datetime.combine(block, time.min)) if block_start(block) == block else None
