"""What every model of dbt_project owes the house beyond its conventions (test_conventions.py), from dbt's manifest."""

import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from expectations.measures import TABLES

Manifest = dict[str, Any]
Node = dict[str, Any]


@pytest.fixture(scope="session")
def models(manifest: Manifest) -> list[Node]:
    """Its models."""
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def _layer(node: Node) -> str:
    return str(node["fqn"][1])


def _nothing(complaints: Iterable[str]) -> None:
    found = sorted(complaints)
    assert not found, "\n" + "\n".join(found)


def test_every_model_describes_columns(models: list[Node]) -> None:
    assert [node["name"] for node in models if not node["columns"]] == []


def test_what_is_kept_is_never_computed_from_scratch(models: list[Node]) -> None:
    def complaints() -> Iterable[str]:
        for node in models:
            name, config = node["name"], node["config"]
            if config["materialized"] == "view":
                continue
            if config["materialized"] == "incremental" and config["full_refresh"] is not False:
                yield f"{name}: full_refresh: false is missing, without which a sealed period could be computed again"
            if config["materialized"] == "incremental" and config["on_schema_change"] != "append_new_columns":
                yield f"{name}: on_schema_change: append_new_columns is missing"
            if _layer(node) in ("marts", "protected") and config["incremental_strategy"] != "by_period":
                yield f"{name}: incremental_strategy: by_period is missing"
            if config["incremental_strategy"] == "by_period" and not (
                config["meta"].get("table_name") or "table_name" in node["columns"]
            ):
                yield f"{name}: by_period needs meta.table_name or a column table_name"
            if config["incremental_strategy"] == "by_period" and not any(
                parent.endswith(".int_periods") for parent in node["depends_on"]["nodes"]
            ):
                yield f"{name}: by_period reads int_periods: ref it, or the second night fails"

    _nothing(complaints())


def test_every_mart_has_a_twin_that_is_enabled_with_it(models: list[Node]) -> None:
    marts = [node for node in models if _layer(node) == "marts"]
    derived = {table.name for table in TABLES if table.is_derived}
    twins = {node["name"]: node for node in models if _layer(node) == "protected"}

    def complaints() -> Iterable[str]:
        for mart in marts:
            wanted = mart["name"].replace("mart_", "team_", 1)
            twin = twins.get(wanted)
            if twin is None:
                yield f"{mart['name']}: its twin protected/{wanted}.sql is missing"
                continue
            if mart["unique_id"] not in twin["depends_on"]["nodes"]:
                yield f"{wanted}: does not name {mart['name']}"
            for node in (mart, twin):
                if node["config"]["meta"].get("table_name") != wanted:
                    yield f"{node['name']}: meta={{'table_name': '{wanted}'}} is missing in its config"
            if _enabled(mart) is None or _enabled(mart) != _enabled(twin):
                yield f'{mart["name"]} and {wanted}: both need the same enabled="…" in var("systems")'
        for name in twins:
            if name not in ("cells", *derived) and name.replace("team_", "mart_", 1) not in {
                mart["name"] for mart in marts
            }:
                yield f"{name}: there is no {name.replace('team_', 'mart_', 1)} that it protects"

    _nothing(complaints())


def _enabled(node: Node) -> str | None:
    found = re.search(r"enabled\s*=\s*(.+?)\s*(?:,\s*meta|,?\s*\)\s*}})", node["raw_code"], re.DOTALL)
    return " ".join(found[1].split()).strip("()") if found else None


def test_a_deployment_has_what_its_systems_give(dbt_targets: Path) -> None:
    twins = {}
    for systems in ("git", "github_jira", "all"):
        nodes = json.loads((dbt_targets / systems / "manifest.json").read_text())["nodes"].values()
        twins[systems] = {node["name"] for node in nodes if node["name"].startswith("team_")}
    everything = {"team_bottlenecks", "team_code_volume", "team_delivery", "team_review", "team_tasks", "team_wip"}
    more = {"team_ci", "team_dora"}
    assert twins == {"git": {"team_code_volume"}, "github_jira": everything, "all": everything | more}


def test_the_report_depends_on_every_protected_table(dbt_targets: Path) -> None:
    for systems in ("all", "git", "github_jira"):
        found = json.loads((dbt_targets / systems / "manifest.json").read_text())
        twins = {key for key, node in found["nodes"].items() if node["schema"] == "protected" and key[:6] == "model."}
        assert set(found["exposures"]["exposure.quorum.report"]["depends_on"]["nodes"]) == twins


def test_the_twins_have_the_columns_of_the_registry(models: list[Node]) -> None:
    twins = {node["name"]: node for node in models if node["name"].startswith("team_")}
    declared = {
        name: {column: details["data_type"].upper() for column, details in node["columns"].items()}
        for name, node in twins.items()
    }
    assert declared == {table.name: dict(table.columns) for table in TABLES}


def test_no_test_keeps_or_shows_the_rows_that_fail(manifest: Manifest) -> None:
    def complaints() -> Iterable[str]:
        for node in manifest["nodes"].values():
            if node["resource_type"] in ("test", "model", "snapshot", "seed"):
                config = node["config"]
                if config.get("store_failures") or config.get("store_failures_as") in ("table", "view"):
                    yield f"{node['name']}: store_failures keeps rows of people; take it out"
            if node["resource_type"] == "test" and node["config"]["severity"].lower() != "error":
                yield f"{node['name']}: a test that only warns stops nothing; severity: error"
            if node["resource_type"] in ("seed", "snapshot", "analysis") or node.get("language") == "python":
                yield f"{node['name']}: the project has SQL models only"

    _nothing(complaints())
