"""Cases are run: history in, models over it, and what differs from what is expected, to the last second."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expectations.ladder import UNITS
from expectations.measures import TABLES, table_named
from orchestration.conformance.case import Case, Cell, Expected
from orchestration.conformance.door import fill
from orchestration.conformance.measured import Cells, Facts, cells, periods
from orchestration.doubts import MODEL, counts
from orchestration.errors import ConfigError
from orchestration.rehearsal import Model, compiled, run, upstream
from orchestration.vault import in_memory
from sources.roster_rows import RosterError

if TYPE_CHECKING:
    import duckdb

DURATION = re.compile(r"(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?")
EXACT = 0.005  # numbers with a fraction are told to two places
LEDGER = "int_ledger"


@dataclass(frozen=True, slots=True)
class Difference:
    """A value that is not as expected; `found` None where nothing could be worked out."""

    table: str
    team: str
    period: date | None
    value: str
    expected: object
    found: object


def models() -> tuple[Model, ...]:
    """The models that the marts stand on, compiled by dbt, parents first."""
    return below_marts(compiled([]))


def below_marts(project: Sequence[Model]) -> tuple[Model, ...]:
    """Those of the project's models that no protection is in."""
    return upstream(project, [*(table.mart for table in TABLES if table.mart), LEDGER, MODEL])


def judged(cases: Iterable[Case], over: Sequence[Model]) -> Iterator[tuple[Case, list[Difference]]]:
    """Each case with all that differs, nothing where it holds; every one in a vault of its own."""
    with closing(in_memory()) as connection:
        for case in cases:
            connection.execute("attach ':memory:' as vault")
            yield case, list(_differences(connection, case, over))
            connection.execute("detach vault")


def _differences(connection: duckdb.DuckDBPyConnection, case: Case, over: Sequence[Model]) -> Iterator[Difference]:
    refused = ""
    try:
        fill(connection, case)
    except RosterError as error:
        refused = ", ".join(dict.fromkeys(str(problem.kind) for problem in error.problems))
    if refused != case.refused:
        yield Difference("roster", "", None, "refused", case.refused or None, refused or None)
    if refused:
        return
    run(connection, over)
    for name in dict.fromkeys(cell.table for cell in case.cells):
        yield from _in(connection, case, name)
    if case.doubts is not None:
        yield from _doubts(connection, case.doubts)


def _doubts(connection: duckdb.DuckDBPyConnection, expected: Mapping[str, int]) -> Iterator[Difference]:
    """What the operator is told, over all streams."""
    found: Counter[str] = Counter()
    for one in counts(connection):
        found[one.doubt.name] += one.records
    for name in sorted(expected.keys() | found.keys()):
        if expected.get(name, 0) != found[name]:
            yield Difference(MODEL, "", None, name, expected.get(name, 0), found[name])


def _in(connection: duckdb.DuckDBPyConnection, case: Case, name: str) -> Iterator[Difference]:
    table = table_named(name)
    known, candidates = cells(connection, table), periods(connection, table)
    expected = [cell for cell in case.cells if cell.table == name]
    for cell in expected:
        _known_values(connection, case, cell)
        facts = known.get((cell.team, cell.period), Facts()) if cell.period in candidates else None
        yield from _compared(cell, facts)
    yield from _unexpected(name, expected, known)


def _unexpected(name: str, expected: Sequence[Cell], known: Cells) -> Iterator[Difference]:
    """What is not listed is nothing: neither in another team nor in another period."""
    listed = {(cell.team, cell.period) for cell in expected}
    for team, period in sorted(known.keys() - listed):
        yield Difference(name, team, period, "events", 0, len(known[team, period].events))


def _compared(cell: Cell, facts: Facts | None) -> Iterator[Difference]:
    table = table_named(cell.table)
    measures = {measure.column: measure for measure in table.measures}
    for name, value in cell.values.items():
        found: object = None
        if facts is not None:
            found = facts.measure(measures[name], table) if name in measures else facts.column(name)
        same = found
        if isinstance(value, str) and name in measures and isinstance(found, float):
            same = found * UNITS[measures[name].unit][0]
        if not _equal(_plain(value), same):
            yield Difference(cell.table, cell.team, cell.period, name, value, found)


def _known_values(connection: duckdb.DuckDBPyConnection, case: Case, cell: Cell) -> None:
    """Refuse a value that is neither a measure nor a column of the mart: it would agree with nothing, and hold."""
    table = table_named(cell.table)
    found = connection.execute(f"select * from vault.marts.{table.mart} limit 0").description or ()
    there = [*(measure.column for measure in table.measures), *(column[0] for column in found)]
    if not cell.values.keys() <= set(there):
        message = f"case {case.name}: {cell.table} has no such value; valid are {', '.join(there)}"
        raise ConfigError(message)


def _plain(value: Expected) -> float | list[float] | None:
    """An expected value as a number, or a sorted list of them; durations in seconds."""
    if isinstance(value, list):
        return sorted(map(_number, value))
    return None if value is None else _number(value)


def _number(value: str | float) -> float:
    if not isinstance(value, str):
        return value
    told = DURATION.fullmatch(value)
    hours, minutes, seconds = (int(part or 0) for part in told.groups()) if told else (0, 0, 0)
    return 3600 * hours + 60 * minutes + seconds


def _equal(expected: object, found: object) -> bool:
    if isinstance(expected, list) and isinstance(found, list):
        return len(expected) == len(found) and all(map(_equal, expected, found))
    if isinstance(expected, int | float) and isinstance(found, int | float):
        return abs(expected - found) < EXACT
    return expected is None and found is None
