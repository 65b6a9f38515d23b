"""The database of a release, written anew from released rows alone: nothing that was ever in the vault lingers in its
pages.

New periods come from the vault, sealed ones from the last release, never from the vault. Rows are ordered by key, in
the database and in Parquet, so that their order tells nothing. The caller has attached the last release as `last`, and
the new file as `fresh`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.clearance import VAULT, Period, exists
from orchestration.register import LAST, Entry

if TYPE_CHECKING:
    import duckdb

FRESH = "fresh.main"
UNITS = """
create table fresh.main.units as
with
    released as (select distinct period_start, period_end from fresh.main.periods),
    block as (select *, row_number() over (order by period_start) as nr, count(*) over () as nrs from released),
    named as (
        select period_start, unit_id, parent_id, unit_level, unit_name from vault.intermediate.int_units
        union all
        select
            period_start,
            'rest:' || case unit_level when 'org' then 'org' else unit_id end,
            unit_id,
            'rest',
            unit_name || ': other teams'
        from vault.intermediate.int_units
        where unit_level in ('org', 'group')
    ),
    in_force as (
        select
            *,
            nr - row_number() over (partition by unit_id, parent_id, unit_level, unit_name order by nr) as island
        from named
        inner join block using (period_start)
    )
select
    unit_id,
    parent_id,
    unit_level,
    unit_name,
    min(period_start) as valid_from,
    case when max(nr) < max(nrs) then cast(max(period_end) + interval 1 day as date) end as valid_to
from in_force
group by unit_id, parent_id, unit_level, unit_name, island
order by unit_id, valid_from
"""


def write(
    connection: duckdb.DuckDBPyConnection,
    tables: tuple[str, ...],
    new: Sequence[Period],
    *,
    release_id: str,
    has_last: bool,
) -> None:
    """The team tables, `cells`, `periods` and `units`."""
    _note(connection, new, release_id, has_last=has_last)
    for table in dict.fromkeys((*tables, *_named(connection))):  # a table whose source is gone keeps its rows
        _copy(connection, table, "period_start, unit_id", has_last=has_last)
    _copy(connection, "cells", "table_name, period_start, unit_id, team_id", has_last=has_last)
    connection.execute(
        "create table fresh.main.periods as select table_name, period_start, period_end, release_id "
        "from content_of_release order by table_name, period_start"
    )
    connection.execute(UNITS)
    connection.execute("drop table temp.content_of_release")


def write_register(connection: duckdb.DuckDBPyConnection, entries: Iterable[Entry]) -> None:
    """The table `releases`."""
    connection.execute(
        "create table fresh.main.releases "
        "(release_id varchar, released_on date, policy varchar, register_digest varchar)"
    )
    for one in entries:
        connection.execute(
            "insert into fresh.main.releases values (?, ?, ?, ?)",
            [one.release_id, one.released_on, one.policy, one.register_digest],
        )


def write_dictionary(connection: duckdb.DuckDBPyConnection, rows: Sequence[Mapping[str, object]]) -> None:
    """The table `metric_dictionary`, all text."""
    names = list(rows[0]) if rows else ["table_name", "measure"]
    connection.execute(f"create table fresh.main.metric_dictionary ({', '.join(f'{name} varchar' for name in names)})")
    marks = ", ".join("?" for _ in names)
    for row in rows:
        values = [None if row[name] is None else str(row[name]) for name in names]
        connection.execute(f"insert into fresh.main.metric_dictionary values ({marks})", values)


def write_parquet(connection: duckdb.DuckDBPyConnection, folder: Path) -> None:
    """Every table as Parquet too, in the same order."""
    folder.mkdir()
    names = connection.execute(
        "select table_name from information_schema.tables where table_catalog = 'fresh' order by 1"
    ).fetchall()
    for (name,) in names:
        path = str(folder / f"{name}.parquet").replace("'", "''")
        connection.execute(f"copy fresh.main.{name} to '{path}' (format parquet, compression zstd)")


def _note(connection: duckdb.DuckDBPyConnection, new: Sequence[Period], release_id: str, *, has_last: bool) -> None:
    connection.execute(
        "create or replace temp table content_of_release "
        "(table_name varchar, period_start date, period_end date, release_id varchar, is_new boolean)"
    )
    for one in new:
        connection.execute(
            "insert into content_of_release select ?, period_start, period_end, ?, true from vault.ops.calendar "
            "where period_start = ?",
            [one.table_name, release_id, one.period_start],
        )
    if has_last:
        connection.execute(
            "insert into content_of_release "
            f"select table_name, period_start, period_end, release_id, false from {LAST}.periods"
        )


def _named(connection: duckdb.DuckDBPyConnection) -> list[str]:
    rows = connection.execute("select distinct table_name from content_of_release order by 1").fetchall()
    return [row[0] for row in rows]


def _copy(connection: duckdb.DuckDBPyConnection, table: str, order: str, *, has_last: bool) -> None:
    of_table = "c.table_name = t.table_name" if table == "cells" else f"c.table_name = '{table}'"
    parts = [
        f"select t.* from {schema}.{table} as t semi join content_of_release as c "
        f"on {of_table} and c.period_start = t.period_start and c.is_new = {is_new}"
        for schema, is_new, there in ((VAULT, "true", True), (LAST, "false", has_last))
        if there and exists(connection, schema, table)
    ]
    if parts:
        connection.execute(
            f"create table {FRESH}.{table} as select * from ({' union all by name '.join(parts)}) order by {order}"
        )
