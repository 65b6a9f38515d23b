"""The only opener of the encrypted file: one DuckDB database, attached as `vault` to a connection in memory.

Everything on disk is encrypted: the file and its log by DuckDB (which needs httpfs loaded for it, taken from a wheel,
not from the network), and what spills, because it is plain by default. One writer at a time, by a lock; while dbt
runs, the file is closed, since a second process cannot attach it even to read. A new file gets its name only when it
is whole, so a kill at any moment leaves a vault that opens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.quoting import string
from orchestration.errors import NO_SPACE, VaultDamaged, VaultError, VaultFull, VaultLocked, WrongKey
from orchestration.keys import Keys, obtain
from orchestration.tables import make_ops, make_raw, set_clock
from orchestration.torn_log import without_torn_log

if TYPE_CHECKING:
    import duckdb
    import filelock
    import pyarrow as pa

    from orchestration.settings import Settings


@dataclass(frozen=True, slots=True)
class Vault:
    """An open vault; `connection` has it attached as `vault`."""

    connection: duckdb.DuckDBPyConnection = field(repr=False)
    keys: Keys = field(repr=False)
    period: str
    zone: str

    @property
    def clock(self) -> datetime | None:
        """The clock of the last night that began."""
        row = self.connection.execute("select max(as_of) from vault.ops.clock").fetchone()
        return row[0] if row else None

    def set_clock(self, as_of: datetime) -> None:
        """Move the clock, which does not go back, and the calendar with it."""
        before = self.clock
        if before is not None and as_of < before:
            message = f"the vault has seen {before:%Y-%m-%d}: the clock does not go back; take that day or a later one"
            raise VaultError(message)
        with told(Path("vault.duckdb")):
            set_clock(self.connection, as_of, self.period, self.zone)


@contextmanager
def opened(settings: Settings, schemas: Mapping[str, pa.Schema] | None = None) -> Iterator[Vault]:
    """The vault of this home, made on the first run; locked while it is open."""
    path = settings.vault_file
    make_home(settings)
    with locked(settings), told(path):
        keys = obtain(settings)
        if not path.exists():
            _make(settings, keys)
        connection = connect(settings)
        try:
            without_torn_log(path, partial(attach, connection, path, keys))
            make_ops(connection)
            make_raw(connection, schemas or {})
            yield Vault(connection, keys, settings.period, settings.time_zone)
            connection.execute("checkpoint vault")
        finally:
            connection.close()


@contextmanager
def beside(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """The vault attached as `original`, to be read alone, and an empty one in memory as `vault`, to try things in."""
    with locked(settings):
        with opened(settings) as vault:  # tells a wrong key, a damaged file; leaves no log behind
            keys = vault.keys
        connection = connect(settings)
        try:
            path, key = string(settings.vault_file), string(keys.vault)
            connection.execute(f"attach {path} as original (encryption_key {key}, read_only)")
            connection.execute("attach ':memory:' as vault")
            yield connection
        finally:
            connection.close()


def in_memory() -> duckdb.DuckDBPyConnection:
    """A connection that touches no disk: for made-up rows."""
    import duckdb

    return duckdb.connect(":memory:", config={"temp_directory": "", "threads": 1})


def make_home(settings: Settings) -> None:
    """The folders, for the pipeline's own account alone."""
    for folder in (settings.home, settings.vault_file.parent, settings.work, settings.work / "spill"):
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.chmod(0o700)


@contextmanager
def locked(settings: Settings, wait: float = 0) -> Iterator[None]:
    """One writer at a time; this process may take it again while it holds it."""
    import filelock

    make_home(settings)
    lock: filelock.BaseFileLock = filelock.FileLock(
        settings.vault_file.with_suffix(".lock"), timeout=wait, is_singleton=True, mode=0o600, thread_local=False
    )
    try:
        lock.acquire()
    except filelock.Timeout:
        message = "the vault is locked: another night is running. Wait until it has ended; one writer at a time"
        raise VaultLocked(message) from None
    try:
        yield
    finally:
        lock.release()


@contextmanager
def told(path: Path) -> Iterator[None]:
    """DuckDB's errors about the file as ours, without their text."""
    import duckdb

    try:
        yield
    except (duckdb.Error, OSError) as error:
        told_as = _told(str(error), path)
        if told_as is None:
            raise
        raise told_as from None


def _told(text: str, path: Path) -> VaultError | None:
    if "encryption key" in text or "is not encrypted" in text:
        return WrongKey(f"{path} was made with another key: set the right QUORUM_KEY or key file. Nothing was changed")
    if "Could not set lock" in text:
        return VaultLocked(f"{path} is held by another process, maybe a dbt that a killed night left: wait for its end")
    if any(sign in text for sign in NO_SPACE):
        return VaultFull(f"the disk of {path} is full: free some space and run again. Nothing was lost")
    signs = (
        "not a valid DuckDB",
        "enough bytes",
        "AES tag",
        "Corrupt",
        "checksum",
        "Failed to load metadata",
        "erialization Error",
    )
    if any(sign in text for sign in signs):
        return VaultDamaged(
            f"{path} is no whole database: put back a copy of it, or move it away to read everything anew. "
            "Nothing was changed"
        )
    return None


def connect(settings: Settings) -> duckdb.DuckDBPyConnection:
    """A connection in memory that can write encrypted files, and whose spills are encrypted too."""
    import duckdb
    from duckdb_extensions import import_extension

    import_extension("httpfs")
    connection = duckdb.connect(
        ":memory:",
        config={
            "temp_directory": str(settings.work / "spill"),
            "temp_file_encryption": "true",  # from the start: later it is refused where a killed night left its spill
            "memory_limit": settings.limits.memory,
            "threads": settings.limits.threads,
            "autoinstall_known_extensions": "false",
        },
    )
    connection.execute("load httpfs")
    return connection


def attach(connection: duckdb.DuckDBPyConnection, path: Path, keys: Keys, alias: str = "vault") -> None:
    """Attach an encrypted file, which is made when it is missing."""
    connection.execute(f"attach {string(path)} as {alias} (encryption_key {string(keys.vault)})")


def _make(settings: Settings, keys: Keys) -> None:
    """An empty vault under another name first: half a file never bears the vault's name."""
    fresh = without_remains(settings)
    connection = connect(settings)
    try:
        attach(connection, fresh, keys)
        make_ops(connection)
        connection.execute("checkpoint vault")
    finally:
        connection.close()
    take(fresh, settings.vault_file)


def without_remains(settings: Settings) -> Path:
    """The name under which a new file is written, free of what a killed run left there."""
    fresh = settings.vault_file.with_name("fresh.duckdb")
    fresh.unlink(missing_ok=True)
    fresh.with_name(fresh.name + ".wal").unlink(missing_ok=True)
    return fresh


def take(fresh: Path, path: Path) -> None:
    """Put a whole file in the vault's place, by one rename."""
    fresh.chmod(0o600)
    fresh.replace(path)
