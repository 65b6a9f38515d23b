"""Dagster's event log with its files kept open, for a night that runs in one process.

As it comes, the SQLite event log makes an engine and a connection for every event. Each compiles its statements anew,
waits for the disk, and, being the last one to close, writes the log back into the file: a quarter of a night without
news. Here a file keeps one connection until the night ends, and the write-ahead log is not waited for: after a power
cut the last events of a run may be missing, never more. Files and tables are Dagster's own; the UI reads them as ever.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dagster._core.storage.event_log import SqliteEventLogStorage
from dagster._core.storage.sqlite_storage import DagsterSqliteStorage

from orchestration.errors import VaultFull

if TYPE_CHECKING:
    import sqlite3

    from dagster._serdes import ConfigurableClassData
    from sqlalchemy.engine import Connection, Engine

NO_ROOM = ("disk is full", "disk I/O error")  # the second when its shared memory finds no room
PATIENCE = 30  # seconds for another process that writes, as Dagster waits


class KeptEventLog(SqliteEventLogStorage):
    """One engine with one connection a file."""

    def __init__(self, base_dir: str) -> None:
        self._kept: dict[str, Engine] = {}
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with _room(self.path_for_shard(shard)):
            if shard not in self._kept:
                with super()._connect(shard):  # makes the file and its tables
                    pass
                self._kept[shard] = _engine(self.conn_string_for_shard(shard))
            with self._db_lock, self._kept[shard].begin() as connection:
                yield connection

    def dispose(self) -> None:
        """Close the files, which writes their logs back."""
        super().dispose()
        for engine in self._kept.values():
            engine.dispose()
        self._kept.clear()


class NightStorage(DagsterSqliteStorage):
    """Dagster's SQLite storage, but for the event log."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        super().__init__(base_dir, inst_data)
        self._event_log_storage = KeptEventLog(str(Path(base_dir) / "history" / "runs"))

    @classmethod
    def from_config_value(
        cls, inst_data: ConfigurableClassData | None, config_value: Mapping[str, Any]
    ) -> NightStorage:
        """Dagster's own names its own class."""
        return cls(config_value["base_dir"], inst_data)


@contextmanager
def _room(path: str) -> Iterator[None]:
    """SQLite's words for a full disk as ours; it is the first to need room."""
    from sqlalchemy.exc import OperationalError

    try:
        yield
    except OperationalError as error:
        if not any(sign in str(error.orig) for sign in NO_ROOM):
            raise
        message = f"the disk of {path} is full: free some space and run again. Nothing was lost"
        raise VaultFull(message) from None


def _engine(address: str) -> Engine:
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import StaticPool

    options = {"timeout": PATIENCE, "check_same_thread": False}
    engine = create_engine(address, poolclass=StaticPool, connect_args=options)

    @event.listens_for(engine, "connect")
    def unhurried(connection: sqlite3.Connection, _record: object) -> None:
        connection.execute("pragma synchronous = normal")

    return engine
