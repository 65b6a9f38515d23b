"""The company of the gate's tests in a vault as nights keep it: an encrypted file in a home."""

from typing import TYPE_CHECKING

from orchestration.config import load
from orchestration.vault import opened

if TYPE_CHECKING:
    from pathlib import Path

    import duckdb

    from orchestration.settings import Settings

KEPT = [("ops", name) for name in ("clock", "calendar", "roster_units", "roster_members")]
CONFIG = "roster: r.yaml\nsystems: {git: {repositories: [/nowhere]}}\n"


def home(folder: "Path", company: "duckdb.DuckDBPyConnection") -> "Settings":
    """A home in a folder, with what the company's vault holds; `company` has that one attached as `vault`."""
    (folder / "quorum.yaml").write_text(CONFIG)
    settings = load(folder / "quorum.yaml", home=folder / "home")
    with opened(settings) as vault:
        tables = "select schema_name, table_name from duckdb_tables() where database_name = 'vault'"
        for schema, table in company.execute(tables).fetchall():
            rows = company.execute(f"from vault.{schema}.{table}").to_arrow_table()
            vault.connection.register("rows_to_put", rows)
            if (schema, table) in KEPT:
                vault.connection.execute(f"insert into vault.{schema}.{table} by name from rows_to_put")
            elif schema not in ("ops", "restated"):
                vault.connection.execute(f"create schema if not exists vault.{schema}")
                vault.connection.execute(f"create table vault.{schema}.{table} as from rows_to_put")
            vault.connection.unregister("rows_to_put")
    return settings
