"""What was released and is sealed: the vault's memory of it, held against the release that readers see.

Every night begins here. A `published` that this vault did not release is refused, and so is one whose rows were
edited; a release whose sealing a crash prevented is sealed from its own `periods`, but only where the gate had passed
exactly that content. Without this, a fresh vault beside an old release would publish a period a second time,
differently.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.clearance import Period, content
from orchestration.release import ReleaseError, Shelf
from orchestration.writing import transaction

if TYPE_CHECKING:
    import duckdb

LAST = "last.main"
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")


@dataclass(frozen=True, slots=True)
class Entry:
    """One release, as the vault remembers it."""

    release_id: str
    released_on: date
    policy: str
    register_digest: str


def next_id(connection: duckdb.DuckDBPyConnection, clock: datetime) -> str:
    """The clock's day and a counter."""
    day = clock.date().isoformat()
    return f"{day}-{1 + sum(one.release_id.startswith(day + '-') for one in entries(connection, 'vault.ops'))}"


def entries(connection: duckdb.DuckDBPyConnection, schema: str) -> list[Entry]:
    """All releases, oldest first."""
    rows = connection.execute(
        f"select release_id, released_on, policy, register_digest from {schema}.releases"
    ).fetchall()
    return sorted((Entry(*row) for row in rows), key=_age)


def _age(entry: Entry) -> tuple[date, int]:
    return entry.released_on, int(entry.release_id.rpartition("-")[2])


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, release: Path | None) -> Iterator[None]:
    """The tables of a release, to read, as `last`."""
    if release is None:
        yield
        return
    path = str(release / "quorum.duckdb").replace("'", "''")
    connection.execute(f"attach '{path}' as last (read_only)")
    try:
        yield
    finally:
        connection.execute("detach last")


def reconcile(connection: duckdb.DuckDBPyConnection, shelf: Shelf) -> Path | None:
    """The release that readers see, after making sure that it is the vault's last one."""
    known = entries(connection, "vault.ops")
    current = shelf.current()
    if current is None:
        if known:
            message = (
                f"{shelf.link} is missing, but this vault has released {known[-1].release_id}: put the release back "
                f"(ln -s releases/{known[-1].release_id} {shelf.link}). Nothing was changed"
            )
            raise ReleaseError(message)
        return None
    if not (current / "quorum.duckdb").is_file():
        message = f"{current} holds no quorum.duckdb: put the release back from a copy. Nothing was changed"
        raise ReleaseError(message)
    with attached(connection, current):
        told = entries(connection, LAST)
        if told == known:
            _check(connection, current)
        elif told[:-1] == known and told[-1].release_id == current.name:
            _seal_after_crash(connection, current)
        else:
            raise _foreign(current)
    return current


def seal(connection: duckdb.DuckDBPyConnection, entry: Entry, rows: Iterable[tuple[Period, str]]) -> None:
    """Remember a release and all its periods, each with the release that brought it: all or nothing."""
    with transaction(connection):
        connection.execute("delete from vault.ops.sealed")
        for period, release_id in rows:
            connection.execute(
                "insert into vault.ops.sealed values (?, ?, ?, ?)",
                [period.table_name, period.period_start, period.digest, release_id],
            )
        connection.execute(
            "insert into vault.ops.releases values (?, ?, ?, ?)",
            [entry.release_id, entry.released_on, entry.policy, entry.register_digest],
        )


def register_digest(periods: Iterable[Period]) -> str:
    """One digest over the digests of all that is released."""
    lines = (f"{one.table_name} {one.period_start.isoformat()} {one.digest}\n" for one in sorted(periods))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def released(connection: duckdb.DuckDBPyConnection, schema: str) -> list[tuple[Period, str]]:
    """What a release says it holds, with the digests of what it does hold."""
    rows = connection.execute(f"select table_name, period_start, release_id from {schema}.periods").fetchall()
    brought = {(table, start): release_id for table, start, release_id in rows}
    if not all(NAME.fullmatch(table or "") for table, _ in brought):  # it becomes SQL, beside the open vault
        message = "the published release names a table as none is called: put it back from a copy. Nothing was changed"
        raise ReleaseError(message)
    return [
        (period, brought[table, period.period_start])
        for table in sorted({table for table, _ in brought})
        for period in content(connection, schema, table, {start for one, start in brought if one == table})
    ]


def sealed(connection: duckdb.DuckDBPyConnection) -> dict[tuple[str, date], str]:
    """The digest of every sealed period."""
    rows = connection.execute("select table_name, period_start, digest from vault.ops.sealed").fetchall()
    return {(table, start): digest for table, start, digest in rows}


def _check(connection: duckdb.DuckDBPyConnection, current: Path) -> None:
    found = {(one.table_name, one.period_start): one.digest for one, _ in released(connection, LAST)}
    if found != sealed(connection):
        message = (
            f"{current}: the rows are not those that were sealed: put the release back from a copy. Nothing was changed"
        )
        raise ReleaseError(message)


def _seal_after_crash(connection: duckdb.DuckDBPyConnection, current: Path) -> None:
    rows = released(connection, LAST)
    before = sealed(connection)
    passed = {
        (table, start, digest)
        for table, start, digest in connection.execute(
            "select table_name, period_start, content from vault.ops.verdicts where passed"
        ).fetchall()
    }
    entry = entries(connection, LAST)[-1]
    ours = all(
        before.get((one.table_name, one.period_start)) == one.digest
        or (one.table_name, one.period_start, one.digest) in passed
        for one, _ in rows
    )
    kept = before.keys() <= {(one.table_name, one.period_start) for one, _ in rows}
    if not ours or not kept or entry.register_digest != register_digest(one for one, _ in rows):
        raise _foreign(current)
    seal(connection, entry, rows)


def _foreign(current: Path) -> ReleaseError:
    return ReleaseError(
        f"{current} was not released by this vault: use the vault that released it (QUORUM_HOME), or publish elsewhere "
        "(published: in quorum.yaml). Nothing was changed"
    )
