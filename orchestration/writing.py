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


COLUMNS = {"cursors": ("system", "stream", "scope_key", "cursor"), "etags": ("url_digest", "etag")}


def write(connection: duckdb.DuckDBPyConnection, system: System, *batches: Batch) -> None:
    """Batches that have no row in common, whole."""
    import pyarrow as pa

    with transaction(connection):
        for stream in system.streams:
            those = [batch for batch in batches if stream.name in batch.tables]
            if those:
                # in one piece: DuckDB takes several times longer over many small ones
                rows = pa.concat_tables(batch.tables[stream.name] for batch in those).combine_chunks()
                giving_way = pa.concat_tables(batch.replaced[stream.name] for batch in those).combine_chunks()
                _replace(connection, system.table(stream.name), stream, rows, giving_way)
        for batch in batches:
            if batch.left is not None:
                _forget(connection, system, batch, batch.left)
        cursors = {(batch.stream, batch.scope_key): batch.cursor for batch in batches if batch.cursor is not None}
        _remember(connection, "cursors", [(system.name, *of, cursor) for of, cursor in cursors.items()])
        _remember(
            connection, "etags", list({digest: tag for one in batches for digest, tag in one.etags.items()}.items())
        )


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


def _forget(connection: duckdb.DuckDBPyConnection, system: System, batch: Batch, left: pa.Table) -> None:
    """Delete what a scope had, and has no more, with all that hangs on it."""
    stream = system.stream(batch.stream)
    scope, updated = stream.within
    key = stream.key[0]
    gone = (
        f"select old.{key} from vault.raw.{system.table(stream.name)} as old anti join left_there using ({key}) "
        f"where old.{scope} = ? and (? is null or old.{updated} >= ?)"
    )
    of = [batch.scope_key, batch.left_since, batch.left_since]
    with _staged(connection, left, "left_there"):
        for one in (*system.children(stream), stream):
            connection.execute(f"delete from vault.raw.{system.table(one.name)} where {key} in ({gone})", of)


def _equal(columns: Sequence[str]) -> str:
    return " and ".join(f'old."{name}" = new."{name}"' for name in columns)


def _one(connection: duckdb.DuckDBPyConnection, query: str) -> object:
    row = connection.execute(query).fetchone()
    return row[0] if row else None


def _remember(connection: duckdb.DuckDBPyConnection, table: str, rows: Sequence[tuple[str, ...]]) -> None:
    """Rows of `ops` whose last column is the news and whose others are the key."""
    import pyarrow as pa

    if not rows:
        return
    names = COLUMNS[table]
    news = pa.table(dict(zip(names, map(list, zip(*rows, strict=True)), strict=True)))
    with _staged(connection, news):
        connection.execute(f"delete from vault.ops.{table} as old using staged as new where {_equal(names[:-1])}")
        connection.execute(f"insert into vault.ops.{table} by name from staged")
