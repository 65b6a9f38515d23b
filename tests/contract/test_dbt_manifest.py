"""What every model of dbt_project owes the house, read from dbt's own manifest; a failure names what was forgotten."""

import json
import re
from collections.abc import Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from expectations.measures import TABLES
from expectations.policy import Policy

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
Manifest = dict[str, Any]
Node = dict[str, Any]

NAMES = {
    "staging": r"stg_(?P<system>[a-z]+)__[a-z_]+",
    "intermediate": r"int_[a-z_]+",
    "marts": r"mart_[a-z_]+",
    "protected": r"team_[a-z_]+|cells",
}
MAY_READ = {
    "staging": {"source"},
    "intermediate": {"staging", "intermediate"},
    "marts": {"intermediate"},
    "protected": {"intermediate", "marts"},
}


@pytest.fixture(scope="session")
def models(manifest: Manifest) -> list[Node]:
    """Its models."""
    return [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]


def _layer(node: Node) -> str:
    return str(node["fqn"][1])


def _nothing(complaints: Iterable[str]) -> None:
    found = sorted(complaints)
    assert not found, "\n" + "\n".join(found)


def test_a_model_bears_the_name_of_its_folder(models: list[Node]) -> None:
    def complaints() -> Iterable[str]:
        for node in models:
            path, layer = node["original_file_path"], _layer(node)
            if layer not in NAMES:
                yield f"{path}: lies in no layer; move it to one of {', '.join(NAMES)}"
                continue
            match = re.fullmatch(NAMES[layer], node["name"])
            if match is None:
                yield f"{path}: models in {layer} are named {NAMES[layer]}"
            elif layer == "staging" and match["system"] != node["fqn"][2]:
                yield f"{path}: stg_<system>__… lies in staging/<system>"
            if node["config"]["schema"] != layer:
                yield f"{path}: its schema is that of its folder; take the schema out of its config"

    _nothing(complaints())


def test_a_model_reads_only_the_layer_below(manifest: Manifest, models: list[Node]) -> None:
    def complaints() -> Iterable[str]:
        for node in models:
            for parent in node["depends_on"]["nodes"]:
                layer = "source" if parent.startswith("source.") else _layer(manifest["nodes"][parent])
                if layer not in MAY_READ[_layer(node)]:
                    allowed = " and ".join(sorted(MAY_READ[_layer(node)]))
                    yield f"{node['name']}: reads {parent.split('.')[-1]}, but {_layer(node)} reads {allowed} only"

    _nothing(complaints())


def test_a_model_is_a_pair_of_files_and_its_description_ends_with_the_grain(models: list[Node]) -> None:
    def complaints() -> Iterable[str]:
        for node in models:
            path = node["original_file_path"].removeprefix("models/")
            if (node["patch_path"] or "").removeprefix("quorum://models/") != path.replace(".sql", ".yml"):
                yield f"{path}: has no {path.replace('.sql', '.yml')} beside it"
            if not re.search(r"\. Grain: one row per [^.]+\.$", node["description"].strip()):
                yield f"{path}: the last sentence of its description has to be 'Grain: one row per ….'"

    _nothing(complaints())


def test_every_column_is_described_and_typed(models: list[Node]) -> None:
    def complaints() -> Iterable[str]:
        for node in models:
            if not node["columns"]:
                yield f"{node['name']}: no column is described"
            for column in node["columns"].values():
                missing = [name for name in ("description", "data_type") if not column[name]]
                if missing:
                    yield f"{node['name']}.{column['name']}: has no {' and no '.join(missing)}"

    _nothing(complaints())


def test_what_is_kept_has_a_contract_and_a_key_and_is_never_computed_from_scratch(
    manifest: Manifest, models: list[Node]
) -> None:
    tests = [node for node in manifest["nodes"].values() if node["resource_type"] == "test"]
    keyed = {test["attached_node"] for test in tests if test["test_metadata"]["name"] == "grain"}

    def complaints() -> Iterable[str]:
        for node in models:
            name, config = node["name"], node["config"]
            if config["materialized"] == "view":
                continue
            if not config["contract"]["enforced"]:
                yield f"{name}: contract: {{enforced: true}} is missing"
            if node["unique_id"] not in keyed:
                yield f"{name}: the test `grain` with its key columns is missing"
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
            if name != "cells" and name.replace("team_", "mart_", 1) not in {mart["name"] for mart in marts}:
                yield f"{name}: there is no {name.replace('team_', 'mart_', 1)} that it protects"

    _nothing(complaints())


def _enabled(node: Node) -> str | None:
    found = re.search(r"enabled\s*=\s*(.+?)\s*(?:,\s*meta|,?\s*\)\s*}})", node["raw_code"], re.DOTALL)
    return " ".join(found[1].split()).strip("()") if found else None


def test_a_deployment_has_what_its_systems_give(dbt_targets: Path) -> None:
    twins = {}
    for systems in ("git", "github_jira"):
        nodes = json.loads((dbt_targets / systems / "manifest.json").read_text())["nodes"].values()
        twins[systems] = {node["name"] for node in nodes if node["name"].startswith("team_")}
    everything = {"team_code_volume", "team_delivery", "team_review", "team_tasks", "team_wip"}
    assert twins == {"git": {"team_code_volume"}, "github_jira": everything}


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


def test_the_default_policy_is_that_of_the_gate() -> None:
    defaults = yaml.safe_load((PROJECT / "dbt_project.yml").read_text())["vars"]["policy"]
    policy = Policy()
    gate = {field.name: getattr(policy, field.name) for field in fields(Policy)}
    assert defaults == {name: value for name, value in gate.items() if isinstance(value, int | float)}
