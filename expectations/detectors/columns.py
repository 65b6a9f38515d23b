"""Detectors of columns: what no single cell tells. Times, unrounded values, and one value a person.

They look at every column of whatever is about to be published, registered or not, since they must hold when the
registry is wrong, too.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import duckdb

from expectations.detectors.cells import NUMBERS
from expectations.quoting import identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

TOGETHER = 25  # columns a query: with more of them DuckDB takes longer for each
FEW = 10  # people; below, any number of values is close to theirs
NEAR = 0.1  # how close the number of values is to the number of people
KEYS = ("unit_id", "team_id")  # their values are those of the tree, which another rule proves
EPOCH = (946_684_800, 4_102_444_800)  # seconds of the years 2000 to 2099; no sum of rounded numbers ends on 1 to 4


@dataclass(frozen=True, slots=True)
class ColumnDetector:
    """One kind of fingerprint; `condition` holds for a cell that is one, and the examples are SQL."""

    name: str
    because: str
    condition: str
    matches: tuple[str, ...]
    spares: tuple[str, ...]
    whole: bool = False  # the type alone is the fingerprint

    def applies(self, kind: str) -> bool:
        """Whether a column of this type is asked."""
        timed = kind.startswith(("TIME", "INTERVAL"))
        return timed if self.whole else kind in NUMBERS or kind.startswith("DECIMAL(")


COLUMN_DETECTORS = (
    ColumnDetector(
        "exact_time",
        "one thing happened then, and who knows when knows who",
        "{column} is not null",
        ("timestamp '2026-10-05 12:33:21'", "time '12:33:21'", "interval 341 seconds"),
        (),
        whole=True,
    ),
    ColumnDetector(
        "epoch",
        "an exact time, as a number",
        f"(try_cast({{column}} as hugeint) between {EPOCH[0]} and {EPOCH[1]} "
        f"or try_cast({{column}} as hugeint) between {EPOCH[0]}000 and {EPOCH[1]}000) "
        "and try_cast({column} as hugeint) % 5 <> 0",
        ("1791203601", "1791203601123"),
        ("1250", "1791203600", "2026"),
    ),
    ColumnDetector(
        "unrounded",
        "an exact figure is the fingerprint of one change",
        "isfinite({column}::double) and round({column}::double, 3) <> {column}::double",
        ("16.3719", "0.33333333", "1.0000001"),
        ("16", "6.3", "0.125", "10000.0"),
    ),
)
PER_PERSON = "per_person"
PEOPLE = """
select period_start, count(distinct person_key) from {source}
where period_start in (select period_start from {relation}) group by period_start
"""
RELATIONS = ("vault.intermediate.int_ledger", "vault.intermediate.int_members")


def fingerprints(
    connection: "DuckDBPyConnection", relation: str, columns: list[tuple[str, str]]
) -> Iterator[tuple[str, str, int]]:
    """(detector, column, cells) of every column, given as (name, type), that holds fingerprints."""
    for detector in COLUMN_DETECTORS:
        for some in _together(name for name, kind in columns if detector.applies(kind)):
            conditions = (detector.condition.format(column=identifier(name)) for name in some)
            counts = ", ".join(f"count(*) filter (where {condition})" for condition in conditions)
            row = connection.execute(f"select {counts} from {relation}").fetchone() or ()
            yield from ((detector.name, name, int(count)) for name, count in zip(some, row, strict=True) if count)


def per_person(
    connection: "DuckDBPyConnection", relation: str, columns: list[tuple[str, str]]
) -> Iterator[tuple[str, str, int]]:
    """(detector, column, periods) of columns with about as many values in a period as there are people in it.

    People are those of the ledger, and those of the roster; where one of them cannot be asked, the other is.
    """
    names = [name for name, _ in columns if name not in KEYS]
    if "period_start" not in names:
        return
    people = [counted for source in RELATIONS for counted in _people(connection, source, relation)]
    values: dict[object, dict[str, int]] = defaultdict(dict)
    for some in _together(names):
        listed = ", ".join(f"count(distinct {identifier(name)})" for name in some)
        rows = connection.execute(f"select period_start, {listed} from {relation} group by period_start").fetchall()
        for start, *counts in rows:
            values[start].update(zip(some, counts, strict=True))
    for name in names:
        near = {start for start, n in people if start in values and abs(values[start][name] - n) <= NEAR * n}
        if near:
            yield PER_PERSON, name, len(near)


def _together(names: Iterable[str]) -> Iterator[list[str]]:
    """As many columns as one query takes."""
    left = iter(names)
    while some := list(islice(left, TOGETHER)):
        yield some


def _people(connection: "DuckDBPyConnection", source: str, relation: str) -> list[tuple[object, int]]:
    """How many people there are in each period that has enough of them."""
    try:
        rows = connection.execute(PEOPLE.format(source=source, relation=relation)).fetchall()
    except duckdb.Error:
        return []
    return [(start, count) for start, count in rows if count >= FEW]
