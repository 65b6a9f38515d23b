"""What the lineage guard is told: the SQL of all that becomes a release, and the kinds of what no model makes.

The streams declare their kinds themselves. Those of the roster, of `ops` and of the publisher's own table stand here,
beside the tables that orchestration writes; a column that neither names is refused wherever a model reads it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from orchestration.roster_tables import BAND, MOVERS, MOVES, UNITS

OWN = {
    "raw.roster_units": {
        "unit_id": "unit",
        "parent_id": "unit",
        "unit_level": "category",
        "unit_name": "unit",
        "valid_from": "time",
        "valid_to": "time",
    },
    "raw.roster_members": {"person_key": "person", "unit_id": "unit", "valid_from": "time", "valid_to": "time"},
    "raw.roster_accounts": {"account_key": "person", "person_key": "person"},
    "ops.calendar": dict.fromkeys(("period_start", "period_end", "iso_year", "block"), "period"),
    "ops.clock": {"as_of": "clock"},
    "ops.reads": {"system": "category", "stream": "category", "read_through": "clock"},
    "ops.sealed": {"table_name": "category", "period_start": "period"},
    "temp.content_of_release": {
        "table_name": "category",
        "release_id": "category",
        **dict.fromkeys(("period_start", "period_end", "block_start", "block_end", "frozen_on"), "period"),
    },
}


def declared_kinds(systems: Iterable[str]) -> dict[str, str]:
    """The kind of every column that is read at the door or written by the pipeline itself, by schema.table.column."""
    from sources.systems import load

    found = {f"{table}.{column}": kind for table, columns in OWN.items() for column, kind in columns.items()}
    for system in map(load, systems):
        for stream in system.streams:
            table = system.table(stream.name)
            found |= {f"raw.{table}.{column.name}": column.kind.value for column in stream.columns}
    return found


def compiled(manifest: Mapping[str, Any]) -> dict[str, str]:
    """The SQL of every model, with the statements around it, and of the tables that the publisher makes.

    `manifest` is dbt's, written by `dbt compile`. A hook makes a model more than one statement, which is refused.
    """
    found = {"main.units": UNITS, "main.movers": MOVERS.format(bands=", ".join(BAND.format(of=name) for name in MOVES))}
    for node in manifest["nodes"].values():
        if node["resource_type"] not in ("model", "snapshot", "operation"):
            continue
        config = node["config"]
        hooks = [hook["sql"] for when in ("pre-hook", "post-hook") for hook in config.get(when) or ()]
        parts = [config.get("sql_header"), *hooks, node.get("compiled_code") or node["raw_code"]]
        found[f"{node['schema']}.{node['alias']}"] = ";\n".join(part for part in parts if part)
    return found
