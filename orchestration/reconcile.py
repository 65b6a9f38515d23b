"""The release that readers see, held against the vault's register: every night begins here.

A `published` that this vault did not release is refused, and so is one whose rows or files were edited, or that is
older than the register. A release that a crash left unsealed is sealed. Without this, a fresh vault beside an old
release would publish a period a second time, differently.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.chain import RETRACT, Entry, Key, faults, standing
from orchestration.register import INTENDED, RELEASES, entries, forget, seal
from orchestration.release import ReleaseError, Shelf
from orchestration.verify import examined

if TYPE_CHECKING:
    import duckdb

PLACE = "put the release back from a copy. Nothing was changed"
MEMORY = "put the vault back from a copy. Nothing was changed"


def reconcile(connection: duckdb.DuckDBPyConnection, shelf: Shelf) -> Path | None:
    """The release that readers see, after making sure that it is the vault's last one."""
    known, intended = entries(connection, RELEASES), entries(connection, INTENDED)
    _sound(known)
    current = shelf.current()
    if current is None:
        if known:
            message = (
                f"{shelf.link} is missing, but this vault has released {known[-1].release_id}: put the release back "
                f"(ln -s releases/{known[-1].release_id} {shelf.link}). Nothing was changed"
            )
            raise ReleaseError(message)
        forget(connection)
        return None
    found = examined(current)
    named = [current.name] == [one.release_id for one in (found.entries or ())[-1:]]
    if found.entries == [*known, *intended] and intended and named and not found.faults:
        seal(connection, intended[-1])
    elif found.entries is not None and not (named and found.entries == known):
        raise _foreign(shelf, current, older=bool(found.entries) and found.entries == known[: len(found.entries)])
    elif found.faults:
        message = f"{current}: {found.faults[0]}: {PLACE}"
        raise ReleaseError(message)
    else:
        forget(connection)
    _agree(connection)
    if found.entries and found.entries[-1].action == RETRACT:  # a kill, or a folder that could not be removed
        shelf.clear()
    return current


def _sound(known: Sequence[Entry]) -> None:
    for fault in faults(known):
        message = f"the vault's register: {fault}: {MEMORY}"
        raise ReleaseError(message)


def _agree(connection: duckdb.DuckDBPyConnection) -> None:
    """The vault's own memory: what is sealed is what the chain says, and a verdict stands behind each of it."""
    known = entries(connection, RELEASES)
    told = standing(known)
    rows = connection.execute("select table_name, period_start, digest, release_id from vault.ops.sealed").fetchall()
    if {(table, start): (digest, brought) for table, start, digest, brought in rows} != {
        key: (one.digest, one.release_id) for key, one in told.items()
    }:
        message = f"the periods that the vault has sealed are not those of its register: {MEMORY}"
        raise ReleaseError(message)
    if any(unproved(connection, known)):
        message = f"the vault's register names a release without the verdict for it: {MEMORY}"
        raise ReleaseError(message)


def unproved(connection: duckdb.DuckDBPyConnection, known: Sequence[Entry]) -> Iterator[Key]:
    """What was ever released and has no verdict in the vault that names its content and its policy."""
    rows = connection.execute("select release_id, table_name, period_start, content, policy from vault.ops.proofs")
    proofs: set[tuple[str, str, date, str, str]] = set(rows.fetchall())
    for one in known:
        if one.action != RETRACT:
            yield from (key for key, digest in one.periods if (one.release_id, *key, digest, one.policy) not in proofs)


def _foreign(shelf: Shelf, current: Path, *, older: bool) -> ReleaseError:
    if older:
        return ReleaseError(
            f"{shelf.link} leads to {current.name}, which is not the last release: set it to the newest in "
            f"{shelf.folder}, or put that one back from a copy. Nothing was changed"
        )
    return ReleaseError(
        f"{current} was not released by this vault: use the vault that released it (QUORUM_HOME). Nothing was changed"
    )
