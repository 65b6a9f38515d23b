"""GitHub Actions: runs of workflows, a row an attempt, by REST (`sources.systems.actions_pages` tells how it pages).

A system of its own beside `github`: another permission of the token, other questions, and what fails here stops no
table but its own. The list shows a run as its last attempt left it; of a run that was repeated, the first attempt and
the second are asked for one by one, as the first one is what counts.

Not read: names of workflows and of branches, titles, commits, logs, artefacts. Branch and event are looked at in memory
to tell what a run is of (`event`, `is_default_branch`). Of jobs only when the first one began, which alone tells how
long a run waited for a machine: a run's own start is its creation (`sources.systems.actions_queue`).

A schedule is told as if whoever last edited it had started it; it is told apart by its event. A deleted account is
null; a machine is told by its type or by `[bot]` in its login.
"""

from __future__ import annotations

from sources.minimise import lookup
from sources.stream import Column, Kind, Record, Stream, System
from sources.systems.actions_answers import EVENTS, is_bot, is_default_branch, moment
from sources.systems.actions_pages import ActionsReader

CONCLUSIONS = {
    "success": "success",
    "failure": "failure",
    "timed_out": "failure",
    "startup_failure": "failure",
    "cancelled": "cancelled",
    "skipped": "skipped",
}


def started_by_bot(record: Record) -> bool:
    """Whether a machine started the attempt."""
    return is_bot(record.get("triggering_actor") or record.get("actor"))


def starter(record: Record) -> tuple[str, str] | None:
    """Who started the attempt."""
    login = lookup(record, "triggering_actor.login") or lookup(record, "actor.login")
    return ("github", login) if login else None


def attempt(record: Record) -> int:
    """Which attempt of the run it is."""
    return record.get("run_attempt") or 1


def queue_seconds(record: Record) -> int | None:
    """How long the first attempt waited for its first job, negative where clocks differ; null of later ones, and
    where none ran before it ended."""
    began = record.get("first_job")
    if began is None or attempt(record) != 1:
        return None
    created, first, ended = (moment(at) for at in (record["created_at"], began, record["updated_at"]))
    return int((first - created).total_seconds()) if first <= ended else None


def is_completed(record: Record) -> bool:
    """Whether the attempt has come to its end."""
    return bool(record["status"] == "completed")


RUNS = Stream(
    name="runs",
    key=("run_key", "attempt"),
    keep=is_completed,
    columns=(
        Column("run_key", Kind.KEY, "id", space="run"),
        Column("attempt", Kind.NUMBER, of=attempt),
        Column("repository_key", Kind.SCOPE, "repository.name", space="repository", required=True),
        Column("workflow_key", Kind.KEY, "workflow_id", space="workflow", required=True),
        Column("starter_key", Kind.PERSON, of=starter),
        Column("starter_is_bot", Kind.FLAG, of=started_by_bot, actor=starter),
        Column("event", Kind.CATEGORY, "event", mapping=EVENTS),
        Column("conclusion", Kind.CATEGORY, "conclusion", mapping=CONCLUSIONS),
        Column("is_default_branch", Kind.FLAG, of=is_default_branch),
        Column("created_at", Kind.TIME, "created_at", required=True),
        Column("started_at", Kind.TIME, "run_started_at"),
        Column("completed_at", Kind.TIME, "updated_at", required=True),
        Column("queue_seconds", Kind.NUMBER, of=queue_seconds),
    ),
)
SYSTEM = System(
    name="actions",
    streams=(RUNS,),
    reads="runs",
    space="repository",
    reader=ActionsReader,
    needs=(("url",), ("organisation", "repositories")),
    takes=("token",),
)
