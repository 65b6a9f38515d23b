"""Merging and protection in SQL equal the rules done by hand, in many small random companies at once.

The models are compiled once by dbt and run once by DuckDB. The other side is the oracle: sets, fractions and trial, no
running sums, no cascade, no window.
"""

import json
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import duckdb
import pytest
import yaml

from tests.oracle import Constants, Night, publish
from tests.pipeline.random_companies import TABLE, Company, company, kinds
from tests.pipeline.random_rows import fill

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
PLAIN = Constants(Fraction(10**8), 1)
MODELS = ("int_atoms", "cells", "team_delivery", "team_code_volume", "team_review", "team_tasks", "team_dora")
COMPILE = """
import json, sys
from dbt.cli.main import dbtRunner
project, target, wanted = sys.argv[1:]
flags = ["--quiet", "--no-send-anonymous-usage-stats", "--log-path", target, "--log-level-file", "none"]
for name, given in json.loads(wanted).items():
    where = ["--project-dir", project, "--profiles-dir", project, "--target", "static", "--target-path", target + name]
    if not dbtRunner().invoke([*flags, "compile", *where, "--vars", json.dumps(given)]).success:
        sys.exit("dbt cannot compile the project")
"""
OFF = {  # nothing binds
    "k": 1, "roster_margin": 0, "dominance": 1, "p_percent": 0, "age_blocks": 1, "base": 1, "history_blocks": 1000
}  # fmt: skip
SHAPES = {  # depth, weeks, companies
    "blocks": (1, False, 40),
    "nested": (2, False, 30),
    "deep": (3, False, 30),
    "weeks": (1, True, 13),
    "nested weeks": (2, True, 8),
}


def compiled(folder: Path, wanted: dict[str, dict[str, object]]) -> dict[str, dict[str, str]]:
    """The SQL of the models by the name of their variables."""
    done = subprocess.run(
        [sys.executable, "-c", COMPILE, PROJECT, f"{folder}/", json.dumps(wanted)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return {
        name: {path.stem: path.read_text() for path in (folder / name / "compiled").rglob("*.sql")} for name in wanted
    }


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict[str, str]]:
    known = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]["policy"]
    wanted: dict[str, dict[str, object]] = {str(depth): {"depth": depth} for depth in (1, 2, 3)}
    return compiled(tmp_path_factory.mktemp("dbt"), wanted | {"off": {"depth": 2, "policy": known | OFF}})


def run(models: dict[str, str], companies: list[Company]) -> duckdb.DuckDBPyConnection:
    """A database in which the models have been built over these companies."""
    connection = duckdb.connect()
    connection.execute("attach ':memory:' as vault")
    fill(connection, companies)
    quantities = models["int_quantities"]
    connection.execute(f"create table vault.intermediate.int_quantities as {quantities}")
    for name in MODELS:
        schema = "intermediate" if name.startswith("int_") else "protected"
        connection.execute(f"create table vault.{schema}.{name} as {models[name]}")
    return connection


@pytest.mark.parametrize("shape", SHAPES)
def test_what_the_models_publish_is_the_rule_done_by_hand(models: dict[str, dict[str, str]], shape: str) -> None:
    depth, weekly, many = SHAPES[shape]
    companies = [company(number, depth, weekly) for number in range(many)]
    connection = run(models[str(depth)], companies)
    seen = {}
    for name, table in TABLE.items():
        if name not in MODELS:
            continue
        rows, cells = {}, set()
        for one in companies:
            more, claimed = publish(table, one.blocks[name], one.rules[name])
            rows |= more
            cells |= claimed
            for block in one.blocks[name]:
                seen |= {(name, block.start, leaf): None for leaf, u in block.units.items() if u.level == "team"}
        listed = connection.execute("from vault.protected.cells where table_name = ?", [name]).fetchall()
        assert set(listed) == cells
        seen |= {(name, start, leaf): atom for _, start, atom, leaf in listed}
        columns = list(next(iter(rows.values())))
        built = connection.execute(f"select {', '.join(columns)} from vault.protected.{name}").fetchall()
        found = {(row[0], row[1]): dict(zip(columns, row, strict=True)) for row in built}
        assert len(built) == len(rows)
        wrong = [
            (*key, column, found[key][column], value)
            for key, row in rows.items()
            for column, value in row.items()
            if found[key][column] != value
        ]
        assert wrong == []
        for column in table.columns:
            assert sum(row[column] is not None for row in rows.values()) >= 10, (name, column)
    assert min(kinds(seen).values()) >= 100, kinds(seen)


def test_without_thresholds_and_noise_the_rows_are_the_raw_totals(models: dict[str, dict[str, str]]) -> None:
    """Every additive column of every table."""
    companies = [company(number, 2, weekly=False) for number in range(15)]
    for one in companies:
        one.rules = {name: dict.fromkeys(rules, PLAIN) for name, rules in one.rules.items()}
    connection = run(models["off"], companies)
    for name in sorted(set(MODELS) & set(TABLE)):
        assert raw_totals(connection, name, companies) > 100, name


def raw_totals(connection: duckdb.DuckDBPyConnection, name: str, companies: list[Company]) -> int:
    """Teams of a table whose own rows are what their people did; so is the organisation's, wherever all are told."""
    table, told = TABLE[name], 0
    quantities = table.quantities
    listed = connection.execute(f"select period_start, unit_id, {', '.join(quantities)} from vault.protected.{name}")
    rows = {(start, unit): values for start, unit, *values in listed.fetchall()}
    for one in companies:
        for at, block in enumerate(one.blocks[name]):
            night = Night(table, one.blocks[name], at, {})
            for unit, node in block.units.items():
                teams = [unit] if node.level == "team" else night.under(unit)
                done = {q: sum(sum(block.did[q].get(team, {}).values()) for team in teams) for q in table.ledger}
                raw = [done[q] for q in quantities]
                works = all(done.values()) and any(
                    block.members.get(team, frozenset()) & night.recent for team in teams
                )
                if (
                    node.level == "org"
                    and works
                    and all(one.rules[name].get((q, block.iso_year)) for q in table.ledger)
                ):
                    assert rows[block.start, unit] == raw
                elif rows[block.start, unit] != [None] * len(quantities) and node.level == "team":
                    assert rows[block.start, unit] == raw
                    told += 1
    return told


def test_a_branch_that_is_longer_than_declared_stands_in_nothing(models: dict[str, dict[str, str]]) -> None:
    companies = [company(number, 2, weekly=False) for number in range(10)]
    connection = run(models["1"], companies)
    cells = {team for (team,) in connection.execute("select distinct team_id from vault.protected.cells").fetchall()}
    deep = {
        leaf
        for one in companies
        for block in one.blocks["team_review"]
        for leaf, unit in block.units.items()
        if unit.level == "team" and len(Night(TABLE["team_review"], [block], 0, {}).above(leaf)) > 3
    }
    assert cells
    assert deep
    assert not cells & deep
