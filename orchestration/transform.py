"""dbt as Dagster assets: staging, intermediate, marts and the protected twins, each with its tests as checks.

The manifest is read inside the definitions function, as `@dbt_assets` reads it when it decorates. A node that fails
does not raise: what needs it is skipped, `ops.builds` remembers, the gate refuses the tables concerned and the others
go on; `night` turns the run red. The vault is closed while dbt, another process, holds it.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from graphlib import TopologicalSorter
from typing import TYPE_CHECKING, Any

import dagster as dg

from orchestration import placements
from orchestration.dbt_manifest import manifest
from orchestration.dbt_process import KEPT, Node, build
from orchestration.due import due, remember, same_roster
from orchestration.errors import BuildError
from orchestration.policies import in_force
from orchestration.progress import listener
from orchestration.raw import ROSTER_KEY
from orchestration.redact import band, redacted
from orchestration.vault import locked, opened
from orchestration.writing import transaction

if TYPE_CHECKING:
    import duckdb
    from dagster_dbt import DagsterDbtTranslator

    from orchestration.settings import Settings

SYSTEM_SOURCES = ("ops", "restated", "roster")
Event = dg.MaterializeResult[None] | dg.AssetCheckResult


def key_of(properties: Mapping[str, Any]) -> dg.AssetKey:
    """`raw/<system>/<stream>` for sources, `<folder>/<name>` for models."""
    name: str = properties["name"]
    if properties["resource_type"] != "source":
        return dg.AssetKey([properties["fqn"][1], name])
    source: str = properties["source_name"]
    if source == "roster":
        return ROSTER_KEY
    layer = () if source in SYSTEM_SOURCES else ("raw",)
    return dg.AssetKey([*layer, source, name.removeprefix(f"{source}_")])


def _translator() -> "DagsterDbtTranslator":
    from dagster_dbt import DagsterDbtTranslator, DagsterDbtTranslatorSettings

    class Translator(DagsterDbtTranslator):
        """Keys by layer; the group is the layer too."""

        def get_asset_key(self, dbt_resource_props: Mapping[str, Any]) -> dg.AssetKey:
            return key_of(dbt_resource_props)

        def get_group_name(self, dbt_resource_props: Mapping[str, Any]) -> str | None:
            return key_of(dbt_resource_props).path[0]

        def get_asset_check_spec(self, *args: Any, **kwargs: Any) -> dg.AssetCheckSpec | None:  # noqa: ANN401
            """Not blocking: a failed one would end the whole step, and tables that are well would not publish."""
            spec = super().get_asset_check_spec(*args, **kwargs)
            return spec and spec._replace(blocking=False)

    return Translator(
        DagsterDbtTranslatorSettings(enable_duplicate_source_asset_keys=True, enable_code_references=False)
    )


def dbt_assets_of(settings: "Settings") -> dg.AssetsDefinition:
    """All models of dbt_project as one step."""
    from dagster_dbt import dbt_assets

    content = json.loads(manifest(settings).read_text())
    keys = _in_order(content["nodes"])
    names = {key: content["nodes"][unique_id]["name"] for unique_id, key in keys.items()}

    @dbt_assets(manifest=content, name="dbt", dagster_dbt_translator=_translator())
    def transform(context: dg.AssetExecutionContext) -> Iterator[Event]:
        with redacted():
            chosen = [names[key] for key in context.selected_asset_keys if key in names] if context.is_subset else []
            nodes = built(settings, chosen)
            found = {node.unique_id: node for node in nodes}
            for unique_id, key in keys.items():
                if key in context.selected_asset_keys:
                    yield dg.MaterializeResult(asset_key=key, metadata=_metadata(found.get(unique_id)))
            passed = {node.name: node.good for node in nodes if node.unique_id.startswith("test.")}
            for check in context.selected_asset_check_keys:
                yield dg.AssetCheckResult(
                    check_name=check.name, asset_key=check.asset_key, passed=passed.get(check.name, False)
                )

    return transform


def _in_order(nodes: Mapping[str, Any]) -> dict[str, dg.AssetKey]:
    """The models' keys, each after those that it needs: Dagster wants results in that order."""
    models = {unique_id: node for unique_id, node in nodes.items() if node["resource_type"] == "model"}
    needs = {unique_id: node["depends_on"]["nodes"] for unique_id, node in models.items()}
    return {one: key_of(models[one]) for one in TopologicalSorter(needs).static_order() if one in models}


def tables_of(settings: "Settings") -> list[str]:
    """The registered tables whose systems are read."""
    from expectations.measures import TABLES

    nodes = json.loads(manifest(settings).read_text())["nodes"].values()
    twins = {node["name"] for node in nodes if node["resource_type"] == "model" and node["fqn"][1] == "protected"}
    return [table.name for table in TABLES if table.name in twins]


def built_checks(settings: "Settings", tables: Sequence[str]) -> dg.AssetChecksDefinition:
    """Whether dbt built each twin: it does not raise, so its failure is told by a check."""
    keys = {table: dg.AssetKey(["protected", table]) for table in tables}

    @dg.multi_asset_check(
        name="built",
        specs=[dg.AssetCheckSpec("built", asset=key, description="dbt built it.") for key in keys.values()],
    )
    def built_twins() -> Iterator[dg.AssetCheckResult]:
        with redacted(), opened(settings) as vault:
            rows = vault.connection.execute("select node, status = 'success' from vault.ops.builds").fetchall()
            good = {node.split(".")[2]: passed for node, passed in rows if node.startswith("model.")}
            for table, key in keys.items():
                yield dg.AssetCheckResult(check_name="built", asset_key=key, passed=good.get(table, False))

    return built_twins


def built(settings: "Settings", select: list[str]) -> list[Node]:
    """Run dbt on the closed vault, and write down how each node ended; asked for all, nothing when none is due."""
    with locked(settings):
        with opened(settings) as vault:
            key = vault.keys.vault
            if vault.clock is None:
                message = "the vault has no clock yet: materialise raw/roster first, or run the whole night"
                raise BuildError(message)
            tonight = in_force(vault.connection, settings)
            if not select and not due(vault.connection, tonight, vault.clock.date()) and same_roster(vault.connection):
                listener().step("dbt")
                listener().end("dbt", "nothing is due")
                return _sized(vault.connection, _kept(vault.connection))
            with transaction(vault.connection):
                placements.keep(vault.connection)
        total = len(select)
        done: list[Node] = []

        def heard(node: Node) -> None:
            done.append(node)
            listener().step("dbt", done=len(done), total=total or None, note=node.name)

        listener().step("dbt")
        nodes = build(tonight, key, select, heard)
        listener().end("dbt", f"{len(nodes)} nodes")
        with opened(settings) as vault, transaction(vault.connection):
            vault.connection.execute("delete from vault.ops.builds")
            rows = [[node.unique_id, f"{node.status}: {node.fault}" if node.fault else node.status] for node in nodes]
            vault.connection.executemany("insert into vault.ops.builds values (?, ?)", rows)
            placements.seal(vault.connection, nodes)
            remember(vault.connection, tonight, whole=not select)
            return _sized(vault.connection, nodes)


def _kept(connection: "duckdb.DuckDBPyConnection") -> list[Node]:
    rows = connection.execute("select node from vault.ops.builds").fetchall()
    return [Node(node, KEPT, 0.0) for (node,) in rows]


def _sized(connection: "duckdb.DuckDBPyConnection", nodes: Sequence[Node]) -> list[Node]:
    """The nodes, models with the rows of their tables."""
    models = {node.name for node in nodes if node.unique_id.startswith("model.")}
    tables = connection.execute(
        "select schema_name, table_name from duckdb_tables() where database_name = 'vault' "
        "and schema_name in ('staging', 'intermediate', 'marts', 'protected')"
    ).fetchall()
    counts = [f"select '{name}', count(*) from vault.{schema}.{name}" for schema, name in tables if name in models]
    rows = dict(connection.execute(" union all ".join(counts)).fetchall()) if counts else {}
    return [replace(node, rows=rows.get(node.name)) for node in nodes]


def _metadata(node: Node | None) -> dict[str, dg.MetadataValue]:
    if node is None:
        return {"status": dg.MetadataValue.text("not built")}
    text = f"{node.status}: {node.fault}" if node.fault else node.status
    told: dict[str, dg.MetadataValue] = {
        "status": dg.MetadataValue.text(text),
        "seconds": dg.MetadataValue.float(node.seconds),
    }
    return told if node.rows is None else {**told, "rows": dg.MetadataValue.text(band(node.rows))}
