"""A case's history through the door into a vault in memory: the real declarations, extraction and writer.

In place of a reader that asks over the network stands one that hands on what the systems would have answered. Every
reading is a night: rows give way to newer ones as they do in a deployment.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration import reads
from orchestration.conformance.case import Case, Person, replayed
from orchestration.conformance.changes import Changes
from orchestration.conformance.commits import records
from orchestration.conformance.operations import Operations
from orchestration.conformance.rollouts import Rollouts
from orchestration.conformance.runs import Runs
from orchestration.conformance.tasks import Tasks
from orchestration.tables import make_ops, make_raw, set_clock
from orchestration.writing import replace_all, write
from sources.batches import Pace, State
from sources.extract import extract
from sources.limits import Counters
from sources.pseudonyms import Pseudonyms
from sources.reading import Connection, Left, Page, Scope
from sources.roster import Roster, parse_roster
from sources.systems import load, names

if TYPE_CHECKING:
    import duckdb

    from sources.stream import Record, System

SINCE = "2015-01-05"  # the teams of a history are older than it
Answers = Mapping[str, Sequence["Record"]]


class Told:
    """A reader that hands on answers: those of the stream that is read, and those of the survey."""

    def __init__(self, system: System, answers: Answers) -> None:
        self.counters = Counters()
        self._within = system.stream(system.reads).within
        self._read = {name: found for name, found in answers.items() if name == system.reads}
        self._surveyed = {name: found for name, found in answers.items() if name != system.reads}

    def survey(self) -> Iterator[Page]:
        """One scope that holds everything."""
        yield Page(self._surveyed, scopes=[Scope("all")])

    def read(self, scope: Scope, cursor: str | None) -> Iterator[Page]:  # noqa: ARG002 the protocol's
        """All that is there; what is not there any more was deleted."""
        yield Page(self._read)
        if self._within:
            yield Page(left=Left([str(one["id"]) for found in self._read.values() for one in found], None))


def roster_of(case: Case) -> Roster:
    """The roster of a case, read as any other; RosterError if it must be refused."""
    places = {name: _places(given) for name, given in case.people.items()}
    teams = dict.fromkeys(place["team"] for of in places.values() for place in of)
    content = {
        "organisation": {"id": "org", "name": "Organisation"},
        "groups": [{"id": "all-teams", "name": "All teams", "from": SINCE}],
        "teams": [{"id": team, "name": team, "group": "all-teams", "from": SINCE} for team in teams],
        "people": [{"person": name, "accounts": _accounts(name, case), "teams": of} for name, of in places.items()],
    }
    return parse_roster(json.dumps(content).encode())


def _places(given: Person) -> list[dict[str, str]]:
    """The memberships of a person: of a team for good, or as the case lists them."""
    teams = given.get("teams", []) if isinstance(given, dict) else given
    if isinstance(teams, str):
        return [{"team": teams, "from": SINCE}]
    return [{"from": SINCE, **place} for place in teams]


def _accounts(name: str, case: Case) -> dict[str, list[str]]:
    given = case.people[name]
    names = given.get("accounts", [name]) if isinstance(given, dict) else [name]
    return {"github": names, "jira": names, "email": [f"{one}@example.org" for one in names]}


def fill(connection: duckdb.DuckDBPyConnection, case: Case) -> None:
    """All that dbt reads, in the attached and empty `vault`; RosterError if the case's roster is refused."""
    systems = [load(name) for name in names()]
    machines = {"github": case.listed, "jira": case.listed, "email": [f"{one}@example.org" for one in case.listed]}
    key = Pseudonyms(bytes(32), machines)  # made-up people: no secret
    roster = roster_of(case).tables(key)
    schemas = {system.table(stream.name): stream.schema for system in systems for stream in system.streams}
    make_ops(connection)
    make_raw(connection, schemas | {name: table.schema for name, table in roster.items()})
    replace_all(connection, roster)
    for clock in case.readings:
        answers = _answers(case, clock)
        for system in systems:
            _read(connection, system, answers.get(system.name, {}), clock, key)
    whole = [reads.Read(system.name, stream.name) for system in systems for stream in system.streams]
    reads.record(connection, case.readings[-1], whole)
    set_clock(connection, case.readings[-1], case.period, case.zone)


def _answers(case: Case, clock: datetime) -> dict[str, Answers]:
    """What each system would answer at a clock; one that is not here has nothing to tell."""
    events = case.until(clock)
    changes = replayed(events, Changes(case.bots))
    rollouts = replayed(events, Rollouts(changes))
    told = replayed(events, Operations(changes, rollouts)).lines
    return {
        "actions": {"runs": replayed(events, Runs(case.bots)).records},
        "deployments": rollouts.records,
        "events": {"deployments": told.deployments, "incidents": told.incidents},
        "github": {"changes": changes.records, "repositories": changes.repositories},
        "jira": {"issues": replayed(events, Tasks(case.bots)).records},
        "git": {"commits": records(events, case.bots)},
    }


def _read(
    connection: duckdb.DuckDBPyConnection, system: System, answers: Answers, clock: datetime, key: Pseudonyms
) -> None:
    if not any(answers.values()):
        return
    told = replace(system, reader=lambda *_: Told(system, answers))
    run = extract(told, Connection(""), State(), key, clock.replace(tzinfo=UTC), Pace(threads=1))
    for batch in run.batches:
        write(connection, system, batch)
    for failure in run.failures:
        raise failure.error
