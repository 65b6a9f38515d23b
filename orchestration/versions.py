"""Every version of a period that was released: the vault's own ledger and mart hold the first, `restated` the others.

They are never dropped, not when a period is taken back either: who has kept a release can still subtract. Of a table
that another rests on, the released rows are kept as well: what is worked out of it later is worked out of those.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from orchestration.chain import Key
from orchestration.difference import Version

if TYPE_CHECKING:
    import duckdb

    from expectations.measures import Table

RESTATED = "vault.restated"
LEDGER = "int_ledger"


def superseded(connection: duckdb.DuckDBPyConnection, table: Table, key: Key) -> Iterator[Version]:
    """All versions of a period, the first one first; the rows of others are left to who reads them."""
    yield Version(f"vault.intermediate.{LEDGER}", f"vault.marts.{table.mart}")
    known = {name for (name,) in connection.execute(NAMES).fetchall()}
    if {LEDGER, table.mart} <= known:
        query = f"select distinct release_id from {RESTATED}.{LEDGER} where table_name = ? and period_start = ?"
        for (release_id,) in sorted(connection.execute(query, [*key]).fetchall()):
            ledger, mart = (
                f"(select * exclude (release_id) from {RESTATED}.{name} where release_id = '{release_id}')"
                for name in (LEDGER, table.mart)
            )
            yield Version(ledger, mart)


def remember(connection: duckdb.DuckDBPyConnection, table: Table, key: Key, scratch: str, release_id: str) -> None:
    """Keep the evidence of a restated period, from the scratch vault, under the release that brings it."""
    keep_rows(connection, key, f"{scratch}.protected", release_id)
    if table.is_derived:
        return
    for source, of_table in ((f"intermediate.{LEDGER}", "table_name = $table"), (f"marts.{table.mart}", "true")):
        name = source.split(".")[1]
        rows = f"select $release::varchar as release_id, * from {scratch}.{source}"
        where = f"where {of_table} and period_start = $start"
        values = {"release": release_id, "start": key[1]} | ({"table": key[0]} if name == LEDGER else {})
        _widen(connection, name, f"{scratch}.{source}")
        connection.execute(f"insert into {RESTATED}.{name} by name {rows} {where}", values)


def keep_rows(connection: duckdb.DuckDBPyConnection, key: Key, schema: str, release_id: str) -> None:
    """Keep the rows that a release brings of a period, from this schema, if another table rests on its table."""
    from expectations.measures import TABLES

    name, start = key
    if name in {table.source for table in TABLES}:
        rows = f"select $release::varchar as release_id, * from {schema}.{name} where period_start = $start"
        values = {"release": release_id, "start": start}
        connection.execute(f"insert into {RESTATED}.{name} by name {rows}", values)


NAMES = "select table_name from duckdb_tables() where database_name = 'vault' and schema_name = 'restated'"


def _widen(connection: duckdb.DuckDBPyConnection, name: str, source: str) -> None:
    """The table, with all columns that its source has by now."""
    connection.execute(
        f"create table if not exists {RESTATED}.{name} as select ''::varchar as release_id, * from {source} limit 0"
    )
    has = {column for column, *_ in connection.execute(f"describe {RESTATED}.{name}").fetchall()}
    for column, kind, *_ in connection.execute(f"describe select * from {source}").fetchall():
        if column not in has:
            connection.execute(f"alter table {RESTATED}.{name} add column {column} {kind}")
