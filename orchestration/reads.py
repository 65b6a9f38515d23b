"""What the vault remembers about reading: cursors, ETags, and until when each stream is known to be whole.

`read_through` is the clock of the last complete read. A read that fails later leaves it standing, so that periods
already covered go on, and those not covered wait.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from orchestration.writing import transaction

if TYPE_CHECKING:
    import duckdb

    from sources.batches import State

ROSTER = "roster"


@dataclass(frozen=True, slots=True)
class Read:
    """How the last read of a stream ended; `reason` is empty when it was whole."""

    system: str
    stream: str
    reason: str = ""


def state(connection: duckdb.DuckDBPyConnection, system: str) -> State:
    """What an extraction goes on from."""
    from sources.batches import State

    cursors = connection.execute(
        "select stream, scope_key, cursor from vault.ops.cursors where system = ?", [system]
    ).fetchall()
    etags = connection.execute("select url_digest, etag from vault.ops.etags").fetchall()
    return State({(stream, scope): cursor for stream, scope, cursor in cursors}, dict(etags))


def record(connection: duckdb.DuckDBPyConnection, clock: datetime, reads: Sequence[Read]) -> None:
    """Write down how reading ended."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    with transaction(connection):
        for read in reads:
            of = [read.system, read.stream]
            row = connection.execute(
                "select max(read_through) from vault.ops.reads where system = ? and stream = ?", of
            ).fetchone()
            through = row[0] if read.reason and row else None if read.reason else clock
            connection.execute("delete from vault.ops.reads where system = ? and stream = ?", of)
            status = "failed" if read.reason else "ok"
            connection.execute(
                "insert into vault.ops.reads values (?, ?, ?, ?, ?, ?)",
                [*of, through, status, read.reason or None, now],
            )


def failed(connection: duckdb.DuckDBPyConnection, systems: Mapping[str, object]) -> dict[str, list[str]]:
    """The distinct reasons by system, of those systems that are read and of the roster."""
    rows = connection.execute(
        "select system, reason from vault.ops.reads where status = 'failed' group by all order by all"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for system, reason in rows:
        if system in systems or system == ROSTER:
            found.setdefault(system, []).append(reason)
    return found
