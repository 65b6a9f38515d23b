"""The register as tables: in the vault, where it is kept, and in each release, where it is told.

What is to be released is written down before readers see it (`ops.intended`), with the verdicts that allow it
(`ops.proofs`), and becomes an entry when they do; so a crash between the two can be healed, and nothing else can pass
for a release of ours. Entries are appended, never changed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from expectations.quoting import string
from orchestration.chain import RETRACT, Entry, age, standing
from orchestration.release import ReleaseError
from orchestration.writing import transaction

if TYPE_CHECKING:
    import duckdb

LAST = "last.main"
RELEASES, INTENDED = "vault.ops.releases", "vault.ops.intended"
COLUMNS = "release_id, released_on, action, reason, policy, contents, trees, files, previous, digest"


def entries(connection: duckdb.DuckDBPyConnection, relation: str) -> list[Entry]:
    """All releases, oldest first."""
    import duckdb

    try:
        rows = connection.execute(f"select {COLUMNS} from {relation}").fetchall()
        return sorted(map(_entry, rows), key=age)
    except (duckdb.Error, ValueError, TypeError, AttributeError):
        message = f"the register in {relation} cannot be read: it was edited, or written by another version of Quorum"
        raise ReleaseError(message) from None


def _entry(row: tuple[Any, ...]) -> Entry:
    """An entry whose parts are what they should be; it may come from an edited release."""
    contents, trees, files = (json.loads(str(text)) for text in row[5:8])
    by_period = [*contents.values(), trees]
    texts = [*row[:1], *row[2:3], row[4], row[9], *contents, *files, *files.values()]
    for days in by_period:
        texts += days.values()
        _ = [date.fromisoformat(day) for day in days]
    if not all(isinstance(text, str) for text in texts) or not isinstance(row[1], date):
        raise TypeError
    release_id, released_on, action, reason, policy = row[:5]
    return Entry(release_id, released_on, action, reason, policy, contents, trees, files, *row[8:])


def write(connection: duckdb.DuckDBPyConnection, relation: str, told: Iterable[Entry]) -> None:
    """Append entries to a register."""
    for one in told:
        fields = [json.dumps(part, sort_keys=True) for part in (one.contents, one.trees, one.files)]
        connection.execute(
            f"insert into {relation} ({COLUMNS}) values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [one.release_id, one.released_on, one.action, one.reason, one.policy, *fields, one.previous, one.digest],
        )


def next_id(known: Sequence[Entry], clock: datetime) -> str:
    """The clock's day and a counter."""
    day = clock.date().isoformat()
    return f"{day}-{1 + sum(one.release_id.startswith(day + '-') for one in known)}"


@contextmanager
def attached(connection: duckdb.DuckDBPyConnection, release: Path | None) -> Iterator[None]:
    """The tables of a release, to read, as `last`."""
    if release is None:
        yield
        return
    connection.execute(f"attach {string(release / 'quorum.duckdb')} as last (read_only)")
    try:
        yield
    finally:
        connection.execute("detach last")


def intend(connection: duckdb.DuckDBPyConnection, entry: Entry, also: Callable[[str], None]) -> None:
    """Write down what is about to be released, with the verdicts that allow it: all or nothing."""
    with transaction(connection):
        write(connection, INTENDED, [entry])
        if entry.action != RETRACT:
            for (table, start), digest in entry.periods:
                connection.execute(
                    "insert into vault.ops.proofs "
                    "select ?, table_name, period_start, content, evidence, policy, rules, judged_at "
                    "from vault.ops.verdicts where passed and table_name = ? and period_start = ? and content = ? "
                    "and policy = ? order by judged_at desc, rowid desc limit 1",
                    [entry.release_id, table, start, digest, entry.policy],
                )
        also(entry.release_id)


def seal(connection: duckdb.DuckDBPyConnection, entry: Entry) -> None:
    """Remember the release that readers see now, and all periods in it, each with the release that brought it."""
    with transaction(connection):
        connection.execute(f"delete from {INTENDED}")
        write(connection, RELEASES, [entry])
        connection.execute("delete from vault.ops.sealed")
        for (table, start), one in sorted(standing(entries(connection, RELEASES)).items()):
            connection.execute(
                "insert into vault.ops.sealed values (?, ?, ?, ?)", [table, start, one.digest, one.release_id]
            )


def forget(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop what was about to be released and never was."""
    for one in entries(connection, INTENDED):
        with transaction(connection):
            connection.execute(f"delete from {INTENDED}")
            connection.execute("delete from vault.ops.proofs where release_id = ?", [one.release_id])
            for (name,) in connection.execute(
                "select table_name from duckdb_tables() where database_name = 'vault' and schema_name = 'restated'"
            ).fetchall():
                connection.execute(f"delete from vault.restated.{name} where release_id = ?", [one.release_id])
