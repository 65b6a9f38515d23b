"""The database of a release, written anew from released rows alone: nothing that was ever in the vault lingers in its
pages.

New periods come from the vault, sealed ones from the last release, never from the vault; a restated or retracted one
from where its new rows stand. Rows are ordered by key, in
the database and in Parquet, so that their order tells nothing. The caller has attached the last release as `last`, and
the new file as `fresh`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.quoting import string
from orchestration import roster_tables
from orchestration.clearance import VAULT, Period, exists
from orchestration.clock import block_of
from orchestration.register import LAST
from orchestration.register import write as write_entries
from orchestration.tables import REGISTER
from orchestration.trees import frozen_on

if TYPE_CHECKING:
    import duckdb

    from orchestration.chain import Entry

FRESH = "fresh.main"
COMPANIONS = ("units", "movers", "metric_dictionary")
NOTE = """create or replace temp table content_of_release (
    table_name varchar, period_start date, period_end date, release_id varchar, is_new boolean,
    block_start date, block_end date, frozen_on date
)"""


@dataclass(frozen=True, slots=True)
class Change:
    """What a release brings: periods of tables, and the schema where their rows and `cells` stand."""

    periods: tuple[Period, ...]
    schema: str = VAULT


def write(
    connection: duckdb.DuckDBPyConnection, tables: tuple[str, ...], change: Change, *, release_id: str, has_last: bool
) -> None:
    """The team tables, `cells` and `periods`."""
    _note(connection, change.periods, release_id, has_last=has_last)
    for table in dict.fromkeys((*tables, *_named(connection))):  # a table whose source is gone keeps its rows
        _copy(connection, table, change.schema, "period_start, unit_id", has_last=has_last)
    _copy(connection, "cells", change.schema, "table_name, period_start, unit_id, team_id", has_last=has_last)
    connection.execute(
        "create table fresh.main.periods as select table_name, period_start, period_end, release_id "
        "from content_of_release order by table_name, period_start"
    )


def write_register(connection: duckdb.DuckDBPyConnection, told: Iterable[Entry]) -> None:
    """The table `releases`."""
    connection.execute(f"create or replace table {FRESH}.releases ({REGISTER})")
    write_entries(connection, f"{FRESH}.releases", told)


def write_companions(connection: duckdb.DuckDBPyConnection, dictionary: Sequence[Mapping[str, object]]) -> None:
    """`units` and `movers` of the periods that were written, and `metric_dictionary`."""
    roster_tables.write(connection)
    write_dictionary(connection, dictionary)


def keep_companions(connection: duckdb.DuckDBPyConnection) -> None:
    """The same as the last release has them: what takes back tells nothing new, and asks neither roster nor dbt."""
    for name in COMPANIONS:
        connection.execute(f"create table {FRESH}.{name} as from {LAST}.{name}")


def write_dictionary(connection: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """All text."""
    names = list(rows[0]) if rows else ["table_name", "measure"]
    connection.execute(f"create table fresh.main.metric_dictionary ({', '.join(f'{name} varchar' for name in names)})")
    marks = ", ".join("?" for _ in names)
    for row in rows:
        values = [None if row[name] is None else str(row[name]) for name in names]
        connection.execute(f"insert into fresh.main.metric_dictionary values ({marks})", values)


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path, names: Iterable[str] = ()) -> None:
    """The named tables as Parquet too, all but the register if none are named, in the same order of rows."""
    folder.mkdir(exist_ok=True)
    rows = connection.execute(
        "select table_name from information_schema.tables where table_catalog = 'fresh' and table_name <> 'releases' "
        "order by 1"
    ).fetchall()
    for name in names or [name for (name,) in rows]:
        path = string(folder / f"{name}.parquet")
        connection.execute(f"copy (select * from {FRESH}.{name}) to {path} (format parquet, compression zstd)")


def _note(connection: duckdb.DuckDBPyConnection, new: Sequence[Period], release_id: str, *, has_last: bool) -> None:
    """All periods of the release, each with its block, and the day under which the block's tree stands."""
    ends = dict(connection.execute("select period_start, period_end from vault.ops.calendar").fetchall())
    noted = {(one.table_name, one.period_start): (ends.get(one.period_start), release_id, True) for one in new}
    if has_last:
        rows = connection.execute(f"select table_name, period_start, period_end, release_id from {LAST}.periods")
        for table, start, end, brought in rows.fetchall():
            noted.setdefault((table, start), (end, brought, False))
    days = frozen_on(connection, {start for _, start in noted})
    connection.execute(NOTE)
    for (table, start), told in sorted(noted.items()):
        block = block_of(start)
        connection.execute(
            "insert into content_of_release values (?, ?, ?, ?, ?, ?, ?, ?)",
            [table, start, *told, block.period_start, block.period_end, days.get(start)],
        )


def _named(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute("select distinct table_name from content_of_release order by 1").fetchall()
    return [row[0] for row in rows]


def _copy(connection: duckdb.DuckDBPyConnection, table: str, source: str, order: str, *, has_last: bool) -> None:
    of_table = "c.table_name = t.table_name" if table == "cells" else f"c.table_name = '{table}'"
    rows = [
        f"select t.* from {schema}.{table} as t semi join content_of_release as c "
        f"on {of_table} and c.period_start = t.period_start and c.is_new = {is_new}"
        for schema, is_new, there in ((source, "true", True), (LAST, "false", has_last))
        if there and exists(connection, schema, table)
    ]
    if rows:
        all_of_it = " union all by name ".join([*_declared(table), *rows])
        connection.execute(f"create table {FRESH}.{table} as select * from ({all_of_it}) order by {order}")


def _declared(table: str) -> list[str]:
    """No row, but every registered column: a measure that is newer than the sealed rows is there, and empty."""
    from expectations.measures import TABLES

    columns = next((one.columns for one in TABLES if one.name == table), {})
    listed = ", ".join(f"null::{kind} as {name}" for name, kind in columns.items())
    return [f"select {listed} where false"] if listed else []
