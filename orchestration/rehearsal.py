"""A build that publishes nothing: all models under another policy, in memory, over what the vault has read.

dbt compiles them (target `static`: no file, no key), DuckDB runs them in order. Raw rows are looked at in place; no
period counts as sealed, so every period that has ended is built. The connection's end is the rehearsal's.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from orchestration.config import environment
from orchestration.dbt_compiler import places
from orchestration.dbt_manifest import variables
from orchestration.errors import BuildError
from orchestration.tables import make_ops, set_clock
from orchestration.vault import beside

if TYPE_CHECKING:
    import duckdb

    from expectations.policy import Policy
    from orchestration.settings import Settings

DBT = (sys.executable, "-c", "from dbt.cli.main import cli; cli()")
SCHEMAS = ("staging", "intermediate", "marts", "protected")


@dataclass(frozen=True, slots=True)
class Model:
    """One compiled model."""

    name: str
    relation: str
    sql: str
    is_view: bool
    parents: frozenset[str]  # names of models


def compiled(variables: Sequence[str], env: Mapping[str, str] | None = None) -> tuple[Model, ...]:
    """The project's models under variables of dbt's, parents first."""
    with tempfile.TemporaryDirectory() as folder:
        command = [*DBT, "--quiet", "compile", "--target", "static", *places(Path(folder)), *variables]
        ended = subprocess.run(command, env=env, capture_output=True, check=False)
        if ended.returncode != 0:
            message = "dbt cannot compile its project: run `make check`, which shows dbt's own words"
            raise BuildError(message)
        nodes = json.loads((Path(folder) / "manifest.json").read_text(encoding="utf-8"))["nodes"]
    return tuple(_in_order({key: node for key, node in nodes.items() if node["resource_type"] == "model"}))


def _in_order(nodes: Mapping[str, dict[str, Any]]) -> Iterator[Model]:
    parents = {key: [name for name in node["depends_on"]["nodes"] if name in nodes] for key, node in nodes.items()}
    for key in TopologicalSorter(parents).static_order():
        node = nodes[key]
        is_view = node["config"]["materialized"] == "view"
        above = frozenset(nodes[parent]["name"] for parent in parents[key])
        yield Model(node["name"], node["relation_name"], node["compiled_code"], is_view, above)


def upstream(models: Sequence[Model], names: Iterable[str]) -> tuple[Model, ...]:
    """The models of these names and all that they stand on, parents first."""
    needed = set(names)
    for model in reversed(models):
        if model.name in needed:
            needed |= model.parents
    return tuple(model for model in models if model.name in needed)


def run(connection: duckdb.DuckDBPyConnection, models: Sequence[Model]) -> None:
    """Build the models in the attached `vault`, which has `raw` and `ops` and nothing else."""
    for schema in SCHEMAS:
        connection.execute(f"create schema vault.{schema}")
    for model in models:
        connection.execute(f"create {'view' if model.is_view else 'table'} {model.relation} as {model.sql}")


@contextmanager
def rehearsed(settings: Settings, policy: Policy) -> Iterator[duckdb.DuckDBPyConnection]:
    """The vault as it would be under another policy, attached as `vault` in memory."""
    models = compiled(variables(settings.model_copy(update={"policy": policy})), environment(settings))
    with beside(settings) as connection:
        (as_of,) = connection.execute("select max(as_of) from original.ops.clock").fetchone() or (None,)
        if as_of is None:
            message = "the vault has seen no night yet: run `quorum nightly` first"
            raise BuildError(message)
        make_ops(connection)
        set_clock(connection, as_of, policy.period, policy.time_zone)
        connection.execute("insert into vault.ops.reads by name select * from original.ops.reads")
        tables = "select table_name from duckdb_tables() where database_name = 'original' and schema_name = 'raw'"
        for (table,) in connection.execute(tables).fetchall():
            connection.execute(f"create view vault.raw.{table} as select * from original.raw.{table}")
        run(connection, models)
        yield connection
