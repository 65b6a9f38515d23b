"""The protected models over any company, in memory: dbt compiles them once a policy, DuckDB runs them in order.

What an attacker reads is what the real SQL makes, from the rows that the door writes to the candidates, without a night
around it; a later night finds what earlier ones froze. A protection is switched off by a policy that no deployment may
have, or by `rewrite`, which changes the compiled SQL of one model; both exist for the mutation table alone.
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from expectations.policy import Policy
from orchestration.dbt_compiler import later
from orchestration.rehearsal import Model, compiled, run

if TYPE_CHECKING:
    import duckdb

    from tests.attacks.companies import Company

Row = dict[str, object]
FROZEN = ("int_units", "int_members", "int_accounts")  # by block, as it was on the first night that saw it
Rewrite = Callable[[str], str]  # the SQL of a model -> another


@cache
def models(policy: Policy, depth: int = 1) -> tuple[Model, ...]:
    """The project's models under a policy and for so many levels of groups, parents first."""
    return compiled(["--vars", json.dumps({"policy": asdict(policy), "depth": depth})])


@cache
def thawing() -> dict[str, str]:
    """The SQL by which a later night adds to what is frozen."""
    with TemporaryDirectory() as folder:
        found = compiled(["--project-dir", str(later(Path(folder)))])
    return {one.name: one.sql for one in found if one.name in FROZEN}


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


def publish(
    company: "Company",
    policy: Policy | None = None,
    rewrite: Mapping[str, Rewrite] | None = None,
    after: Release | None = None,
) -> Release:
    """The candidates of a company, all periods at once; `after` is what an earlier night made of it."""
    import duckdb

    connection = duckdb.connect()
    connection.execute("attach ':memory:' as vault")
    company.write(connection)
    changes = rewrite or {}
    order = [
        replace(one, sql=changes[one.name](one.sql)) if one.name in changes else one
        for one in models(policy or Policy(), company.depth)
    ]
    run(connection, order if after is None else [_kept(connection, after, one) for one in order])
    return Release(connection)


def _kept(connection: "duckdb.DuckDBPyConnection", after: Release, model: Model) -> Model:
    """A frozen model on a later night: what it holds, and what this night adds."""
    if model.name not in FROZEN:
        return model
    held = f"vault.ops.held_{model.name}"
    connection.register("held", after.connection.execute(f"from {model.relation}").to_arrow_table())
    connection.execute(f"create table {held} as from held")
    added = thawing()[model.name].replace(model.relation, held)
    return replace(model, sql=f"select * from {held} union all by name ({added})")
