"""The tables that the vault holds before dbt sees it: `ops`, `raw` as the streams of the enabled systems declare it,
and `restated` as the registry declares the tables that others rest on.

Made when missing, widened when a declaration gained a column; in `raw` a column that no declaration has any more is
forgotten. No primary keys: an index slows every
load, and uniqueness is asserted by the writer (orchestration/writing.py).
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from orchestration.clock import CALENDARS, midnight_in

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa

REGISTER = """release_id varchar, released_on date, action varchar, reason varchar, policy varchar, contents varchar,
    trees varchar, files varchar, previous varchar, digest varchar"""  # as orchestration/chain.py has an entry
OPS = f"""
create schema if not exists vault.ops;
create schema if not exists vault.raw;
create table if not exists vault.ops.clock (as_of timestamp not null);
create table if not exists vault.ops.calendar (
    period_start date, period_end date, iso_year integer, block integer, block_start date
);
alter table vault.ops.calendar add column if not exists starts_at timestamp;
alter table vault.ops.calendar add column if not exists ends_at timestamp;
create table if not exists vault.ops.cursors (system varchar, stream varchar, scope_key varchar, cursor varchar);
create table if not exists vault.ops.etags (url_digest varchar, etag varchar);
create table if not exists vault.ops.reads (
    system varchar, stream varchar, read_through timestamp, status varchar, reason varchar, "at" timestamp
);
create table if not exists vault.ops.builds (node varchar, status varchar);
create table if not exists vault.ops.built (project varchar, roster varchar);
create table if not exists vault.ops.roster_units (
    block_start date, unit_id varchar, parent_id varchar, unit_level varchar
);
create table if not exists vault.ops.roster_members (
    block_start date, person_key varchar, unit_id varchar, valid_from date
);
create table if not exists vault.ops.roster_frozen (roster varchar, block_start date);
create table if not exists vault.ops.sealed (table_name varchar, period_start date, digest varchar, release_id varchar);
create table if not exists vault.ops.releases ({REGISTER});
create table if not exists vault.ops.intended ({REGISTER});
create table if not exists vault.ops.proofs (
    release_id varchar, table_name varchar, period_start date, content varchar, evidence varchar, policy varchar,
    rules varchar, judged_at timestamp
);
create table if not exists vault.ops.policies (block_start date, policy varchar, thresholds varchar);
create table if not exists vault.ops.verdicts (
    table_name varchar, period_start date, content varchar, evidence varchar, policy varchar, rules varchar,
    passed boolean, findings varchar, judged_at timestamp
);
"""


def make_ops(connection: duckdb.DuckDBPyConnection) -> None:
    """The schema `ops`, which the pipeline keeps about itself, and what was restated or taken back of sources."""
    from expectations.measures import TABLES, table_named

    connection.execute(OPS)
    connection.execute("create schema if not exists vault.restated")
    for name in {table.source for table in TABLES if table.is_derived}:
        columns = {"release_id": "VARCHAR", **table_named(name).columns}
        _make(connection, f"vault.restated.{name}", columns)


def make_raw(connection: duckdb.DuckDBPyConnection, schemas: Mapping[str, pa.Schema]) -> None:
    """One table a stream, by name, as its schema says."""
    for table, schema in schemas.items():
        known = _make(connection, f"vault.raw.{table}", {field.name: sql_type(field.type) for field in schema})
        for name in known - set(schema.names):
            connection.execute(f'alter table vault.raw.{table} drop column "{name}"')


def _make(connection: duckdb.DuckDBPyConnection, table: str, columns: Mapping[str, str]) -> set[str]:
    """A table with at least these columns; those that it had."""
    listed = ", ".join(f'"{name}" {kind}' for name, kind in columns.items())
    connection.execute(f"create table if not exists {table} ({listed})")
    known = {name for name, *_ in connection.execute(f"describe {table}").fetchall()}
    for name, kind in columns.items():
        if name not in known:
            connection.execute(f'alter table {table} add column "{name}" {kind}')
    return known


def sql_type(kind: pa.DataType) -> str:
    """The column type that a stream's type is stored as."""
    import pyarrow.types as is_

    tests = {
        "VARCHAR": is_.is_string,
        "BOOLEAN": is_.is_boolean,
        "BIGINT": is_.is_integer,
        "TIMESTAMP": is_.is_timestamp,
        "DATE": is_.is_date,
    }
    found = next((name for name, test in tests.items() if test(kind)), None)
    if found is None:
        message = f"a stream declares the type {kind}, which the vault does not store"
        raise TypeError(message)
    return found


def set_clock(
    connection: duckdb.DuckDBPyConnection, as_of: datetime, period: str = "four_weeks", zone: str = "UTC"
) -> None:
    """The clock, and all periods of this length that have begun by it; `ends_at` is when the next one begins."""
    import pyarrow as pa

    known = list(CALENDARS[period](as_of.date()))
    names = ("period_start", "period_end", "iso_year", "block", "block_start")
    columns = {name: [getattr(block, name) for block in known] for name in names}
    columns["starts_at"] = [midnight_in(zone, block.period_start) for block in known]
    columns["ends_at"] = [midnight_in(zone, block.period_end + timedelta(days=1)) for block in known]
    calendar = pa.table(columns)
    connection.register("calendar_of_tonight", calendar)
    try:
        connection.execute("begin")
        connection.execute("delete from vault.ops.clock")
        connection.execute("insert into vault.ops.clock values (?)", [as_of])
        connection.execute("delete from vault.ops.calendar")
        connection.execute("insert into vault.ops.calendar by name from calendar_of_tonight")
        connection.execute("commit")
    finally:
        connection.unregister("calendar_of_tonight")
