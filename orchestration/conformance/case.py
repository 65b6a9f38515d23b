"""A case as it stands in its file, checked against schema.json; a wrong file is told by place, never by value."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

import yaml

from expectations.measures import TABLES
from orchestration.clock import midnight
from orchestration.errors import ConfigError

SCHEMA = Path(__file__).with_name("schema.json")
LATER = timedelta(weeks=7)  # after this long every period of a history has ended and settled
BEGINNINGS = {
    "change_opened": "change",
    "task_created": "task",
    "change_reviewed": "review",
    "incident_opened": "incident",
}
TIMESTAMP = "tag:yaml.org,2002:timestamp"
Teller = TypeVar("Teller")
Person = str | list[dict[str, str]] | dict[str, Any]
Expected = str | int | float | list[Any] | None


class Texts(yaml.SafeLoader):
    """YAML whose times stay the texts that stand there, offset and all."""


Texts.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != TIMESTAMP]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: its kind, when (aware), and what else its kind needs."""

    kind: str
    at: datetime
    of: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Cell:
    """What must stand for a team and a period: measures by column; columns of the mart as lists of values."""

    table: str
    team: str
    period: date
    values: Mapping[str, Expected]


@dataclass(frozen=True, slots=True)
class Case:
    """One history. `readings` are the clocks of the nights that read it, the last one being that of the build.

    `refused` is the kind of problem for which the roster must be refused; then there are no cells. `doubts` are those
    that the operator must be told of, with how many records; None where the case is not about them.
    """

    name: str
    says: str
    period: str
    zone: str
    people: Mapping[str, Person]
    bots: frozenset[str]
    listed: tuple[str, ...]
    events: tuple[Event, ...]
    readings: tuple[datetime, ...]
    cells: tuple[Cell, ...] = ()
    refused: str = ""
    of: str = ""
    others: Mapping[str, str] = field(default_factory=dict)
    doubts: Mapping[str, int] | None = None

    def until(self, clock: datetime) -> tuple[Event, ...]:
        """What had happened before a clock (UTC, without a zone), in the order of the file."""
        return tuple(event for event in self.events if event.at.astimezone(UTC).replace(tzinfo=None) < clock)


def replayed(events: Iterable[Event], teller: Teller) -> Teller:
    """A system after these events: it is told those whose kind it knows, in their order."""
    for event in events:
        handler: Callable[[Event], None] | None = getattr(teller, f"_{event.kind}", None)
        if handler is not None:
            handler(event)
    return teller


def read_cases(path: Path) -> tuple[Case, ...]:
    """The cases of a file, in its order; ConfigError if it is not of the documented form."""
    from jsonschema import Draft202012Validator

    try:
        content = yaml.load(path.read_text(encoding="utf-8"), Loader=Texts)  # noqa: S506 a safe loader without times
    except (OSError, UnicodeDecodeError, yaml.YAMLError):
        message = f"{path.name} is no YAML in UTF-8: check indentation and quotes"
        raise ConfigError(message) from None
    schema = json.loads(SCHEMA.read_text(encoding="utf-8"))
    found = sorted(Draft202012Validator(schema).iter_errors(content), key=lambda error: list(map(str, error.path)))
    if found:
        places = dict.fromkeys(".".join(map(str, (*error.path, error.validator))) for error in found)
        message = f"{path.name} is not of the form of docs/conformance.md, at {'; '.join(list(places)[:5])}"
        raise ConfigError(message)
    try:
        cases = tuple(map(_case, content["cases"]))
    except ValueError:
        message = f"{path.name} holds a date or a time that no calendar has"
        raise ConfigError(message) from None
    for case in cases:
        for fault in _faults(case):
            message = f"{path.name}: case {case.name}: {fault}"
            raise ConfigError(message)
    return cases


def _case(given: Mapping[str, Any]) -> Case:
    events = tuple(_event(dict(event)) for event in given["events"])
    last = max(event.at for event in events).astimezone(UTC).date()
    clocks = [*given.get("read_before", ()), given.get("as_of") or (last + LATER).isoformat()]
    expected = given["expect"]
    is_refused = isinstance(expected, dict)
    return Case(
        name=given["name"],
        says=given["says"],
        period=given.get("period", "week"),
        zone=given.get("time_zone", "UTC"),
        people=given["people"],
        bots=frozenset(given.get("bots", ())),
        listed=tuple(given.get("listed_bots", ())),
        events=events,
        readings=tuple(midnight(date.fromisoformat(clock)) for clock in clocks),
        cells=() if is_refused else tuple(_cells(expected)),
        refused=expected["refused"] if is_refused else "",
        of=given.get("of", ""),
        others=given.get("others", {}),
        doubts=given.get("doubts"),
    )


def _event(given: dict[str, Any]) -> Event:
    kind, at = given.pop("kind"), datetime.fromisoformat(given.pop("at"))
    return Event(kind, at, given)


def _cells(expected: list[dict[str, Any]]) -> Iterator[Cell]:
    for one in expected:
        values = {name: value for name, value in one.items() if name not in ("table", "team", "period")}
        yield Cell(one["table"], one["team"], date.fromisoformat(one["period"]), values)


def _faults(case: Case) -> Iterator[str]:
    """What a schema cannot tell: tables that are not there, changes, tasks and the like that were never begun."""
    tables = [table.name for table in TABLES if table.mart]
    yield from (
        f"no table {cell.table}; there are {', '.join(tables)}" for cell in case.cells if cell.table not in tables
    )
    begun: set[str] = set()
    for event in case.events:
        used = {event.of[role] for role in ("change", "task", "reverts", "review", "incident") if role in event.of}
        begun.add(event.of.get(BEGINNINGS.get(event.kind, ""), ""))
        if event.kind != "commit_added" and not used <= begun:  # a branch is older than its change
            yield f"{event.kind} of something that was never opened, created or given"
