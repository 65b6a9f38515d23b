"""Small things taken out of the answers of GitHub's REST, each with its own error where it is not as promised."""

from __future__ import annotations

from datetime import datetime

from sources.errors import Malformed
from sources.minimise import lookup
from sources.parsing import shaped
from sources.stream import Json, Record

Run = Record
EVENTS = {
    "push": "push",
    "pull_request": "change",
    "pull_request_target": "change",
    "merge_group": "change",
    "workflow_dispatch": "manual",
    "schedule": "schedule",
}
"""What a run is of, by the event that set it off; any other is `other`."""
NEEDED = ("id", "created_at", "updated_at", "event", "status")
SHOWN = (  # all that is looked at of a run
    *NEEDED,
    *("run_attempt", "workflow_id", "conclusion", "run_started_at", "head_branch", "head_sha", "check_suite_node_id"),
    *(f"{who}.{path}" for who in ("actor", "triggering_actor") for path in ("login", "type")),
)
REPOSITORY = ("full_name", "default_branch")
run_parsed = shaped(*SHOWN)
runs_parsed = shaped(*(f"workflow_runs[].{path}" for path in SHOWN))
repository_parsed = shaped(*REPOSITORY)
repositories_parsed = shaped(*(f"[].{path}" for path in REPOSITORY))


def repositories(body: Json) -> list[Json]:
    """The repositories of a page."""
    if not isinstance(body, list):
        raise Malformed("a page of repositories that is no list", "/orgs/{organisation}/repos") from None
    return body


def full_name(repository: Json) -> str:
    """A repository's `owner/name`."""
    name = lookup(repository, "full_name")
    if not isinstance(name, str) or "/" not in name:
        raise Malformed("a repository without its full name", "/orgs/{organisation}/repos") from None
    return name


def default_branch(repository: Json) -> str | None:
    """The name of its default branch, for comparison in memory."""
    name = lookup(repository, "default_branch")
    return name if isinstance(name, str) else None


def runs_of(body: Json) -> list[Run]:
    """The runs of a page, newest first."""
    found = lookup(body, "workflow_runs")
    whole = isinstance(found, list) and all(isinstance(run, dict) and set(NEEDED) <= run.keys() for run in found)
    if not whole:
        raise Malformed("a page without runs, or a run without its times", "/repos/{repository}/actions/runs") from None
    return list(found)


def moment(value: Json) -> datetime:
    """A time as GitHub writes it."""
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Malformed("a run without its times", "/repos/{repository}/actions/runs") from None


def is_of_change(run: Run) -> bool:
    """Whether it checks a change that is not yet merged."""
    return EVENTS.get(run["event"]) == "change"


def is_default_branch(run: Run) -> bool | None:
    """Whether it ran on the default branch; a change's run never did, whatever its branch is called in a fork."""
    branch = run["repository"]["branch"]
    if is_of_change(run):
        return False
    return None if branch is None else bool(run.get("head_branch") == branch)


def is_bot(who: Json) -> bool:
    """Whether a user is a machine."""
    return lookup(who, "type") == "Bot" or (lookup(who, "login") or "").endswith("[bot]")


def has_ended(run: Run) -> bool:
    """Whether an attempt of it has come to its end: the last one, or, when it was repeated, the one before."""
    return bool(run["status"] == "completed" or (run.get("run_attempt") or 1) > 1)


def counts(run: Run) -> bool:
    """Whether it may be in any number, so that its earlier attempts are worth a question."""
    return is_default_branch(run) is not False or is_of_change(run) and not is_bot(run.get("actor"))
