"""Take a released period back: its rows stay in the grid and are withheld, all of them, in a release of their own.

The period stays sealed, and what was read of it stays known: a later restatement is held against it. The folders of
earlier releases go at once, since they still show what is taken back; who has copied one keeps it.

What rests on it goes with it: rows of derived tables, in that period and in those that look back on it. They go first
where they were released under another policy, so that no release shows one without the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.chain import REASONS, RETRACT, Key, Standing, standing
from orchestration.clearance import Standard, content
from orchestration.publish import Order, Publication, Release, issue, repair
from orchestration.register import LAST, RELEASES, attached, entries
from orchestration.release import ReleaseError
from orchestration.release_tables import Change
from orchestration.versions import keep_rows

if TYPE_CHECKING:
    import duckdb

    from orchestration.settings import Settings
    from orchestration.vault import Vault

WITHHELD = "memory.withheld"


def withdrawal(settings: Settings, vault: Vault) -> Publication:
    """What a period is taken back by: no roster, no dbt, no policy of tonight, and no verdict that could pass."""
    from expectations.detectors import Identifiers
    from expectations.measures import TABLES

    if vault.clock is None:
        message = "nothing was released yet. Nothing was changed"
        raise ReleaseError(message)
    return Publication(
        published=settings.published,
        clock=vault.clock,
        tables=tuple(table.name for table in TABLES),
        standard=Standard("", ""),
        home=settings.home,
        people=lambda: Identifiers(()),
    )


def retract(connection: duckdb.DuckDBPyConnection, publication: Publication, key: Key, reason: str) -> Release:
    """Withhold a period that was released, and what rests on it; `connection` has the vault attached as `vault`."""
    last = repair(connection, publication.published)
    told = released(connection, key, RETRACT, reason)
    if told.action == RETRACT:
        message = f"{key[0]} of {key[1]} is withdrawn already, by release {told.release_id}. Nothing was changed"
        raise ReleaseError(message)
    last = withdraw(connection, publication, last, (resting(connection, key, apart_from=told.policy), reason, True))
    keys = [key, *resting(connection, key)]
    return _issued(connection, publication, last, (keys, told.policy, reason, True))


def resting(connection: duckdb.DuckDBPyConnection, key: Key, *, apart_from: str | None = None) -> list[Key]:
    """The released periods of derived tables that rest on this one and still stand; under another policy, if told."""
    from expectations.bottlenecks import WINDOW
    from expectations.measures import TABLES

    known = standing(entries(connection, RELEASES))
    starts = sorted(start for table, start in known if table == key[0])
    after = set(starts[starts.index(key[1]) :][:WINDOW])
    derived = {table.name for table in TABLES if table.source == key[0]}
    return sorted(
        (table, start)
        for (table, start), one in known.items()
        if table in derived and start in after and one.action != RETRACT and one.policy != apart_from
    )


def withdraw(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication,
    last: Path | None,
    what: tuple[Iterable[Key], str, bool],
) -> Path | None:
    """Withhold these periods, in one release for each policy; `what` says why, and whether earlier releases go at once.

    The release that readers see then.
    """
    keys, reason, alone = what
    known = standing(entries(connection, RELEASES))
    for policy, under in groupby(sorted(keys, key=lambda one: known[one].policy), lambda one: known[one].policy):
        last = _issued(connection, publication, last, (list(under), policy, reason, alone)).path
    return last


def _issued(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication,
    last: Path | None,
    what: tuple[Sequence[Key], str, str, bool],
) -> Release:
    keys, policy, reason, alone = what
    with _withheld(connection, last, keys):
        tables = sorted({table for table, _ in keys})
        periods = tuple(
            period
            for table in tables
            for period in content(connection, WITHHELD, table, [start for name, start in keys if name == table])
        )

        def keep(release_id: str) -> None:
            for key in keys:
                keep_rows(connection, key, WITHHELD, release_id)

        order = Order(Change(periods, WITHHELD), policy, RETRACT, reason, alone=alone, also=keep)
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
def _withheld(connection: duckdb.DuckDBPyConnection, last: Path | None, keys: Sequence[Key]) -> Iterator[None]:
    """The released rows without their measures, and no atoms, in a schema in memory."""
    from expectations.measures import COLUMNS

    with attached(connection, last):
        connection.execute(f"create or replace schema {WITHHELD}")
        for table in sorted({table for table, _ in keys}):
            columns = connection.execute(f"describe select * from {LAST}.{table}").fetchall()
            emptied = [f"cast(null as {kind}) as {name}" for name, kind, *_ in columns if name not in COLUMNS]
            replaced = ", ".join([*emptied, "'withheld' as status"])
            connection.execute(
                f"create table {WITHHELD}.{table} as "
                f"select * replace ({replaced}) from {LAST}.{table} where list_contains(?, period_start)",
                [[start for name, start in keys if name == table]],
            )
        connection.execute(f"create table {WITHHELD}.cells as from {LAST}.cells limit 0")
    try:
        yield
    finally:
        connection.execute(f"drop schema {WITHHELD} cascade")
