"""The protected models over any company, in memory: dbt compiles them once a policy, DuckDB runs them in order.

What an attacker reads is what the real SQL makes, from the rows that the door writes to the candidates, without a night
around it. A protection is switched off by a policy that no deployment may have, or by `rewrite`, which changes the
compiled SQL of one model; both exist for the mutation table alone.
"""

import json
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.policy import Policy

if TYPE_CHECKING:
    import duckdb

    from tests.attacks.companies import Company

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
Row = dict[str, object]
Rewrite = Callable[[str, str], str]  # (model, its SQL) -> its SQL


@dataclass(frozen=True, slots=True)
class Model:
    """One compiled model, in the order of a build."""

    name: str
    relation: str
    sql: str
    is_view: bool


@cache
def compiled(policy: Policy) -> tuple[Model, ...]:
    """The project's models under a policy, parents first."""
    thresholds = asdict(policy)
    with tempfile.TemporaryDirectory() as target:
        command = [sys.executable, "-m", "dbt.cli.main", "--quiet", "--no-send-anonymous-usage-stats"]
        command += ["--log-path", target, "--log-level-file", "none", "compile", "--target", "static"]
        command += ["--project-dir", str(PROJECT), "--profiles-dir", str(PROJECT), "--target-path", target]
        command += ["--vars", json.dumps({"policy": thresholds})]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stdout[-3000:]
        manifest = json.loads((Path(target) / "manifest.json").read_text())
    models = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    ordered: dict[str, Model] = {}

    def visit(key: str) -> None:
        if key in models and key not in ordered:
            node = models[key]
            for parent in node["depends_on"]["nodes"]:
                visit(parent)
            is_view = node["config"]["materialized"] == "view"
            ordered[key] = Model(node["name"], node["relation_name"], node["compiled_code"], is_view)

    for key in models:
        visit(key)
    return tuple(ordered.values())


class Release:
    """What one build made of a company: the candidates, as they would be published, and the vault behind them."""

    def __init__(self, connection: "duckdb.DuckDBPyConnection") -> None:
        self.connection = connection

    def rows(self, query: str) -> list[Row]:
        """A query's rows by column."""
        found = self.connection.execute(query)
        names = [column[0] for column in found.description or ()]
        return [dict(zip(names, row, strict=True)) for row in found.fetchall()]

    def table(self, name: str) -> list[Row]:
        """A protected table, in order."""
        return self.rows(f"select * from vault.protected.{name} order by all")

    def value(self, table: str, column: str, unit: str, period: object) -> object:
        """One cell; None where it is withheld."""
        query = (
            f"select {column} as v from vault.protected.{table} where unit_id = '{unit}' and period_start = '{period}'"
        )
        return self.rows(query)[0]["v"]

    def atoms(self, table: str, period: object) -> dict[str, frozenset[str]]:
        """Each atom of a period with the teams in it, as `cells` tells every reader."""
        where = f"table_name = '{table}' and period_start = '{period}'"
        query = f"select unit_id, team_id from vault.protected.cells where {where}"
        found: dict[str, set[str]] = {}
        for row in self.rows(query):
            found.setdefault(str(row["unit_id"]), set()).add(str(row["team_id"]))
        return {atom: frozenset(teams) for atom, teams in found.items()}


def publish(company: "Company", policy: Policy | None = None, rewrite: Mapping[str, Rewrite] | None = None) -> Release:
    """The candidates of a company, all periods at once."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("attach ':memory:' as vault")
    company.write(connection)
    for schema in ("staging", "intermediate", "marts", "protected"):
        connection.execute(f"create schema vault.{schema}")
    for model in compiled(policy or Policy()):
        sql = (rewrite or {}).get(model.name, lambda _, sql: sql)(model.name, model.sql)
        kind = "view" if model.is_view else "table"
        connection.execute(f"create {kind} {model.relation} as {sql}")
    return Release(connection)
