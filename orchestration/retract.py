"""Take a released period back: its rows stay in the grid and are withheld, all of them, in a release of their own.

The period stays sealed, and what was read of it stays known: a later restatement is held against it. The folders of
earlier releases go at once, since they still show what is taken back; who has copied one keeps it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.chain import REASONS, RETRACT, Key, Standing, standing
from orchestration.clearance import content
from orchestration.publish import Order, Publication, Release, issue, repair
from orchestration.register import LAST, RELEASES, attached, entries
from orchestration.release import ReleaseError
from orchestration.release_tables import Change

if TYPE_CHECKING:
    import duckdb

WITHHELD = "memory.withheld"


def retract(connection: duckdb.DuckDBPyConnection, publication: Publication, key: Key, reason: str) -> Release:
    """Withhold a period that was released; `connection` has the vault attached as `vault`."""
    last = repair(connection, publication.published)
    told = released(connection, key, RETRACT, reason)
    if told.action == RETRACT:
        message = f"{key[0]} of {key[1]} is withdrawn already, by release {told.release_id}. Nothing was changed"
        raise ReleaseError(message)
    with _withheld(connection, last, key):
        periods = tuple(content(connection, WITHHELD, key[0], [key[1]]))
        order = Order(Change(periods, WITHHELD), told.policy, RETRACT, reason, kept=1)
        return issue(connection, publication, last, order)


def released(connection: duckdb.DuckDBPyConnection, key: Key, action: str, reason: str) -> Standing:
    """What the register says of a period, which must have been released; the reason must be one of the action's."""
    if reason not in REASONS[action]:
        message = f"{action}: the reason is one of {', '.join(REASONS[action])}. Nothing was changed"
        raise ReleaseError(message)
    known = standing(entries(connection, RELEASES))
    if key not in known:
        message = (
            f"no period of {key[0]} that begins on {key[1]} was released: look into the table `periods`. "
            "Nothing was changed"
        )
        raise ReleaseError(message)
    return known[key]


@contextmanager
def _withheld(connection: duckdb.DuckDBPyConnection, last: Path | None, key: Key) -> Iterator[None]:
    """The released rows without their measures, and no atoms, in a schema in memory."""
    from expectations.measures import COLUMNS

    table, start = key
    with attached(connection, last):
        columns = connection.execute(f"describe select * from {LAST}.{table}").fetchall()
        emptied = [f"cast(null as {kind}) as {name}" for name, kind, *_ in columns if name not in COLUMNS]
        replaced = ", ".join([*emptied, "'withheld' as status"])
        connection.execute(f"create or replace schema {WITHHELD}")
        connection.execute(
            f"create table {WITHHELD}.{table} as "
            f"select * replace ({replaced}) from {LAST}.{table} where period_start = ?",
            [start],
        )
        connection.execute(f"create table {WITHHELD}.cells as from {LAST}.cells limit 0")
    try:
        yield
    finally:
        connection.execute(f"drop schema {WITHHELD} cascade")
