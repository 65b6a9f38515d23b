"""The docs of a release: dbt's own page, in one file, holding only what an analyst may see.

dbt writes its whole manifest into the docs, whatever is selected: SQL, paths, the machine, the run. Here a new
manifest is built from an allow-list instead. The protected models keep names, descriptions, columns and types, and so
does what reads them; what they are made from is there by name alone; the tables that the publisher adds are described
here. The page opens without a server and fetches nothing.
"""

from __future__ import annotations

import importlib.resources
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from orchestration.docs_overview import ADDED, Node, greeting

SCHEMA = "main"
DATABASE = "quorum"
QUERY = "-- The query is not part of a release."


def render(manifest: Mapping[str, Any], dictionary: Sequence[Mapping[str, object]], clock: datetime) -> str:
    """The page, from dbt's manifest and the metric dictionary."""
    page = (importlib.resources.files("dbt") / "task" / "docs" / "index.html").read_text(encoding="utf-8")
    kept, catalog = pruned(manifest, dictionary, clock)
    for mark, data in (("MANIFEST", kept), ("CATALOG", catalog)):
        page = page.replace(f'"{mark}.JSON INLINE DATA"', _inline(data), 1)
    return page.replace("<title>dbt Docs</title>", "<title>Quorum: published tables</title>", 1)


def write(path: Path, manifest: Path, dictionary: Sequence[Mapping[str, object]], clock: datetime) -> None:
    """The page as a file; `manifest` is the path of dbt's manifest.json."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(json.loads(manifest.read_text(encoding="utf-8")), dictionary, clock), encoding="utf-8")


def pruned(
    manifest: Mapping[str, Any], dictionary: Sequence[Mapping[str, object]], clock: datetime
) -> tuple[Node, Node]:
    """A manifest and a catalog that hold what may be seen, and nothing else."""
    models = {key: node for key, node in manifest["nodes"].items() if node["resource_type"] == "model"}
    shown = {key: _model(node) for key, node in models.items() if node["schema"] == "protected"}
    above = {key: _named(models[key], models) for key in _ancestors(shown, models)}
    added = [_added(name, text, columns) for name, (text, columns) in ADDED.items()]
    nodes = shown | above | {node["unique_id"]: node for node in added}
    readers = {key: _reader(one, shown) for key, one in manifest["exposures"].items()}
    parents = {key: node["depends_on"]["nodes"] for key, node in (nodes | readers).items()}
    children = {key: sorted(child for child, theirs in parents.items() if key in theirs) for key in parents}
    empty = ("sources", "macros", "metrics", "groups", "selectors", "disabled", "group_map", "saved_queries")
    kept: Node = {name: {} for name in (*empty, "semantic_models", "unit_tests", "functions")}
    kept |= {"metadata": _metadata(manifest, clock), "nodes": nodes, "exposures": readers}
    kept |= {"parent_map": parents, "child_map": children}
    kept["docs"] = {"doc.quorum.__overview__": greeting(nodes, sorted(shown), dictionary)}
    described = [node for node in nodes.values() if node["columns"]]
    catalog = {"metadata": kept["metadata"], "nodes": _catalog(described), "sources": {}, "errors": None}
    return kept, catalog


def _metadata(manifest: Mapping[str, Any], clock: datetime) -> Node:
    told = manifest["metadata"]
    return {
        "dbt_schema_version": told["dbt_schema_version"],
        "dbt_version": told["dbt_version"],
        "generated_at": clock.isoformat() + "Z",
        "project_name": "quorum",
        "adapter_type": "duckdb",
        "send_anonymous_usage_stats": False,
        "env": {},
    }


def _ancestors(shown: Iterable[str], models: Mapping[str, Node]) -> list[str]:
    found: set[str] = set()
    ahead = list(shown)
    while ahead:
        parents = [key for key in models[ahead.pop()]["depends_on"]["nodes"] if key in models and key not in found]
        found.update(parents)
        ahead += parents
    return sorted(found.difference(shown))


def _model(node: Mapping[str, Any]) -> Node:
    columns = {name: (one.get("data_type") or "", one["description"]) for name, one in node["columns"].items()}
    parents = [key for key in node["depends_on"]["nodes"] if key.startswith("model.")]
    return _node(node["name"], node["description"], columns, parents)


def _named(node: Mapping[str, Any], models: Mapping[str, Node]) -> Node:
    parents = [key for key in node["depends_on"]["nodes"] if key in models]
    bare = _node(node["name"], "Stays in the vault: it is named here, and not described.", {}, parents)
    place = f"in the vault/{node['name']}"
    return bare | {"original_file_path": place, "path": place, "schema": "vault", "database": "vault"}


def _reader(exposure: Mapping[str, Any], shown: Mapping[str, Node]) -> Node:
    """What is made of the published tables; tables that are not among them stay unnamed."""
    name = exposure["name"]
    told = {key: exposure[key] for key in ("unique_id", "name", "label", "type", "maturity", "url")}
    return told | {
        "resource_type": "exposure",
        "package_name": "quorum",
        "description": " ".join(exposure["description"].split()),
        "owner": {"name": exposure["owner"]["name"]},
        "original_file_path": f"published/{name}",
        "path": f"published/{name}",
        "fqn": ["quorum", name],
        "depends_on": {"nodes": sorted(set(exposure["depends_on"]["nodes"]).intersection(shown)), "macros": []},
        "tags": [], "meta": {}, "refs": [], "sources": [], "metrics": [],
    }  # fmt: skip


def _added(name: str, description: str, columns: Mapping[str, tuple[str, str]]) -> Node:
    return _node(name, description, columns, [])


def _node(name: str, description: str, columns: Mapping[str, tuple[str, str]], parents: Sequence[str]) -> Node:
    return {
        "unique_id": f"model.quorum.{name}",
        "resource_type": "model",
        "package_name": "quorum",
        "name": name,
        "alias": name,
        "schema": SCHEMA,
        "database": DATABASE,
        "description": " ".join(description.split()),
        "original_file_path": f"published/{name}",
        "path": f"published/{name}",
        "fqn": ["quorum", name],
        "columns": {
            column: {"name": column, "data_type": kind, "description": text, "meta": {}, "tags": []}
            for column, (kind, text) in columns.items()
        },
        "config": {"materialized": "table", "enabled": True, "tags": [], "meta": {}},
        "depends_on": {"nodes": sorted(parents), "macros": []},
        "docs": {"show": True},
        "tags": [], "meta": {}, "refs": [], "sources": [], "metrics": [],
        "language": "sql", "raw_code": QUERY, "compiled_code": QUERY, "access": "protected", "version": None,
    }  # fmt: skip


def _catalog(nodes: Iterable[Node]) -> Node:
    return {
        node["unique_id"]: {
            "unique_id": node["unique_id"],
            "metadata": {"type": "BASE TABLE", "schema": SCHEMA, "name": node["name"], "database": DATABASE},
            "columns": {
                name: {"name": name, "type": one["data_type"].upper(), "index": at, "comment": None}
                for at, (name, one) in enumerate(node["columns"].items(), start=1)
            },
            "stats": {},
        }
        for node in nodes
    }


def _inline(data: Node) -> str:
    return json.dumps(data, sort_keys=True, ensure_ascii=True).replace("</", "<\\/")
