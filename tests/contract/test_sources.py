"""What a source owes the house besides its module; a failure names what was forgotten."""

import importlib
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sources import systems

ROOT = Path(__file__).parents[2]
MODELS = ROOT / "dbt_project" / "models" / "staging"
BASES = (ROOT / "dbt_project" / "macros" / "bases.sql").read_text()
PROMISES = ("Not read:", "page")  # what its docstring has to tell, besides what is read


def _missing(name: str) -> Iterable[str]:
    system = systems.load(name)
    text = importlib.import_module(f"sources.systems.{name}").__doc__ or ""
    yield from (
        f"sources/systems/{name}.py: its docstring does not say {word!r}" for word in PROMISES if word not in text
    )
    if name not in yaml.safe_load((ROOT / "quorum.yaml").read_text())["systems"]:
        yield f"quorum.yaml: has no `{name}` below systems"
    if not re.search(rf'"systems": \[[^]]*"{name}"', BASES):
        yield f"dbt_project/macros/bases.sql: no table names `{name}` among its systems"
    if name not in yaml.safe_load((ROOT / "dbt_project" / "dbt_project.yml").read_text())["vars"]["systems"]:
        yield f"dbt_project/dbt_project.yml: vars.systems has no `{name}`"
    for place in (f"tests/unit/test_extract_{name}.py", f"dbt_project/models/staging/{name}/sources.yml"):
        if not (ROOT / place).is_file():
            yield f"{place} is missing"
    if f"| {name} |" not in (ROOT / "docs" / "collected.md").read_text().casefold():
        yield f"docs/collected.md: has no row for {name}"
    if f"systems.{name}." not in (ROOT / "docs" / "configure.md").read_text():
        yield f"docs/configure.md: does not tell the keys of systems.{name}"
    for stream in system.streams:
        model = f"stg_{name}__{stream.name}.sql"
        if not (MODELS / name / model).is_file():
            yield f"dbt_project/models/staging/{name}/{model} is missing"
            continue
        query = (MODELS / name / model).read_text()
        if f'source("{name}", "{system.table(stream.name)}")' not in query:
            yield f"{model}: does not read source {name}.{system.table(stream.name)}"
        if f'enabled="{name}" in var("systems")' not in query:
            yield f'{model}: {{{{ config(enabled="{name}" in var("systems")) }}}} is missing'
        names = set(re.findall(r"\w+", query))
        yield from (f"{model}: leaves out {column.name}" for column in stream.columns if column.name not in names)


def _declared(name: str) -> set[str]:
    found = yaml.safe_load((MODELS / name / "sources.yml").read_text())["sources"]
    return {table["name"] for source in found for table in source["tables"]}


@pytest.mark.parametrize("name", systems.names())
def test_a_source_is_complete(name: str) -> None:
    found = list(_missing(name))
    assert not found, "\n" + "\n".join(found)


def test_every_staging_model_is_read(manifest: dict[str, Any]) -> None:
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    read = {parent for node in models for parent in node["depends_on"]["nodes"]}
    staged = {node["unique_id"] for node in models if node["name"].startswith("stg_")}
    assert staged <= read, f"no model reads {', '.join(sorted(staged - read))}"


@pytest.mark.parametrize("name", systems.names())
def test_the_sources_of_dbt_are_the_streams(name: str) -> None:
    system = systems.load(name)
    assert _declared(name) == {system.table(stream.name) for stream in system.streams}


def test_no_staging_model_stands_for_a_source_that_is_gone() -> None:
    folders = {folder.name for folder in MODELS.iterdir() if folder.is_dir()}
    assert folders - {"ops", "roster"} == set(systems.names())
