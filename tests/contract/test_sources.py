"""What a source owes the house besides its module; a failure names what was forgotten."""

import importlib
import json
import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlglot import exp
from sqlglot.optimizer.pushdown_projections import pushdown_projections
from sqlglot.optimizer.scope import Scope, traverse_scope

from expectations.lineage.project import Project
from expectations.lineage.queries import qualified, relation
from orchestration.lineage import compiled, declared_kinds
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
        yield from (
            f"{stream.name}.{column.name}: does not say whose account it is, so a list of machines cannot name it"
            for column in stream.columns
            if column.name.endswith("_is_bot") and column.actor is None
        )
        query = (MODELS / name / model).read_text()
        if f'source("{name}", "{system.table(stream.name)}")' not in query:
            yield f"{model}: does not read source {name}.{system.table(stream.name)}"
        if f'enabled="{name}" in var("systems")' not in query:
            yield f'{model}: {{{{ config(enabled="{name}" in var("systems")) }}}} is missing'


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


def test_every_column_that_is_stored_is_read(dbt_targets: Path) -> None:
    """Read by a model, and from there by another one; a stream names its key, and by what it finds what was deleted."""
    known, read = set(), {(table, name) for table, key in _keys() for name in key}
    for night in ("all", "later"):
        manifest = json.loads((dbt_targets / night / "manifest.json").read_text())
        project = Project(compiled(manifest), declared_kinds(systems.names()))
        known |= {(table, name) for table, columns in project.columns.items() for name in columns}
        for model in project.compiled:
            read.update(_read_by(model, project))
    stored = {one for one in known if one[0].partition(".")[0] in ("raw", "staging")}
    unread = sorted(".".join(one) for one in stored - read)
    assert not unread, f"stored, and read by nothing: {', '.join(unread)}"


def _keys() -> Iterable[tuple[str, tuple[str, ...]]]:
    for system in map(systems.load, systems.names()):
        for stream in system.streams:
            yield f"raw.{system.table(stream.name)}", (*stream.key, *stream.within)
            yield f"staging.stg_{system.name}__{stream.name}", stream.key


def _read_by(model: str, project: Project) -> Iterable[tuple[str, str]]:
    """Tables and columns that a model reads for something that it gives or asks, itself left out."""
    columns = tuple((name, tuple(project.columns[name])) for name in sorted(project.reads[model]))
    for scope in traverse_scope(pushdown_projections(qualified(project.compiled[model], columns).copy())):
        for column in scope.columns:
            around: Scope | None = scope
            while around is not None and column.table not in around.sources:
                around = around.parent
            source = around.sources[column.table] if around else None
            if isinstance(source, exp.Table) and relation(source) != model:
                yield relation(source), column.name.lower()
