"""Rows arrive as Arrow tables; the old ones give way and the cursor moves in the same transaction: all of a page, or
nothing of it.

Delete and insert, without a primary key: it is several times faster than `on conflict`, and memory stays flat. A
nested stream gives way by its parent's key, so that a review that was deleted is gone here too. Uniqueness is asserted
instead of indexed.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from orchestration.errors import VaultError

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

    from sources.batches import Batch
    from sources.stream import Stream, System


def write(connection: duckdb.DuckDBPyConnection, system: System, batch: Batch) -> None:
    """One batch, whole."""
    with transaction(connection):
        for stream in system.streams:
            rows = batch.tables.get(stream.name)
            if rows is not None:
                _replace(connection, system.table(stream.name), stream, rows, batch.replaced[stream.name])
        if batch.cursor is not None:
            _remember(connection, (system.name, batch.stream, batch.scope_key), batch.cursor)
        for digest, etag in batch.etags.items():
            connection.execute("delete from vault.ops.etags where url_digest = ?", [digest])
            connection.execute("insert into vault.ops.etags values (?, ?)", [digest, etag])


def replace_all(connection: duckdb.DuckDBPyConnection, tables: dict[str, pa.Table]) -> None:
    """Whole tables of `raw` at once: the roster, which has no cursor."""
    with transaction(connection):
        for name, rows in tables.items():
            with _staged(connection, rows):
                connection.execute(f"delete from vault.raw.{name}")
                connection.execute(f"insert into vault.raw.{name} by name from staged")


@contextmanager
def transaction(connection: duckdb.DuckDBPyConnection) -> Iterator[None]:
    """All or nothing."""
    import duckdb

    connection.execute("begin")
    try:
        yield
        connection.execute("commit")
    except BaseException:
        with suppress(duckdb.Error):  # a failed commit has rolled back by itself
            connection.execute("rollback")
        raise


@contextmanager
def _staged(connection: duckdb.DuckDBPyConnection, rows: pa.Table, name: str = "staged") -> Iterator[None]:
    connection.register(name, rows)
    try:
        yield
    finally:
        connection.unregister(name)


def _replace(
    connection: duckdb.DuckDBPyConnection, table: str, stream: Stream, rows: pa.Table, giving_way: pa.Table
) -> None:
    target = f"vault.raw.{table}"
    with _staged(connection, rows), _staged(connection, giving_way, "giving_way"):
        connection.execute(
            f"delete from {target} as old using (select distinct {', '.join(stream.replaces)} from giving_way) as new "
            f"where {_equal(stream.replaces)}"
        )
        if rows.num_rows == 0:
            return
        unique = f"select count(*) = count(distinct ({', '.join(stream.key)})) from staged"
        again = f"select count(*) from {target} as old semi join staged as new on {_equal(stream.key)}"
        if not _one(connection, unique) or _one(connection, again):
            message = f"raw.{table}: two rows have one key ({', '.join(stream.key)}); the page was not stored"
            raise VaultError(message)
        connection.execute(f"insert into {target} by name from staged")


def _equal(columns: Sequence[str]) -> str:
    return " and ".join(f'old."{name}" = new."{name}"' for name in columns)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _remember(connection: duckdb.DuckDBPyConnection, of: tuple[str, str, str], cursor: str) -> None:
    connection.execute("delete from vault.ops.cursors where system = ? and stream = ? and scope_key = ?", of)
    connection.execute("insert into vault.ops.cursors values (?, ?, ?, ?)", [*of, cursor])
