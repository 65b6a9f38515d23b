"""The events of repositories that git alone tells of, as git's history would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from orchestration.conformance.case import Event
from orchestration.conformance.changes import address
from sources.git_log import Commit
from sources.reading import Scope
from sources.stream import Json
from sources.systems.git import record_of

REPOSITORY = "acme/tool"


def records(events: Iterable[Event], bots: frozenset[str]) -> list[dict[str, Json]]:
    """The records of git's stream `commits`: what landed on a default branch."""
    landed = [event for event in events if event.kind == "commit_landed"]
    return [_record(event, number, bots) for number, event in enumerate(landed, 1)]


def _record(event: Event, number: int, bots: frozenset[str]) -> dict[str, Json]:
    of = event.of
    commit = Commit(
        sha=f"{number:040x}",
        parents=2 if of.get("is_merge", False) else 1,
        authored=_seconds(datetime.fromisoformat(of["authored"])) if "authored" in of else _seconds(event.at),
        committed=_seconds(event.at),
        address=address(of["by"], bots),
        additions=of.get("added", 10),
        deletions=of.get("deleted", 2),
    )
    return record_of(Scope(of.get("repository", REPOSITORY)), commit)


def _seconds(moment: datetime) -> int:
    return int(moment.timestamp())
