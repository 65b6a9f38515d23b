"""What the lineage guard is told: the SQL of all that becomes a release, and the kinds of what no model makes.

The streams declare their kinds themselves. Those of the roster, of `ops`, of released rows (`restated`:
public as they are) and of the publisher's own table stand here, beside the tables that orchestration writes; a column
that neither names is refused wherever a model reads it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from expectations.catalogue.bottlenecks import READS
from orchestration.dbt_compiler import PROJECT
from orchestration.dbt_manifest import manifests
from orchestration.roster_tables import BAND, MOVERS, MOVES, UNITS

if TYPE_CHECKING:
    from expectations.lineage import Break
    from orchestration.settings import Settings

BRANCHES = re.compile(
    r"\b(?:target\.(?:\w+_)?name|flags|env_var|run_query|execute|graph)\b"
    r"|{%-?\s*(?:call )?(?:statement|materialization)"
)
VARIABLES = re.compile(r"\bvar\(\"(\w+)\"")
SHOWN = 20  # a break at the source reaches every column: the first ways tell where
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
    "ops.calendar": dict.fromkeys(
        ("period_start", "period_end", "iso_year", "block_start", "starts_at", "ends_at"), "period"
    ),
    "ops.clock": {"as_of": "clock"},
    "ops.reads": {"system": "category", "read_through": "clock"},
    "ops.sealed": {"table_name": "category", "period_start": "period", "release_id": "category"},
    "restated.team_delivery": {
        "period_start": "period",
        "unit_id": "unit",
        **dict.fromkeys(("release_id", "unit_level", "status", "size_band", *READS), "category"),
    },
    "temp.content_of_release": {
        "table_name": "category",
        "release_id": "category",
        **dict.fromkeys(("period_start", "period_end", "block_start", "block_end", "frozen_on"), "period"),
    },
}


def breaks(settings: Settings) -> tuple[Break, ...]:
    """What of the models must not be published, as the first night runs them and as later ones do.

    Examined only when something changed since it was found well.
    """
    from expectations.lineage import examine_lineage, fingerprint

    paths, declared = manifests(settings), declared_kinds(settings.systems)
    nights = [compiled(json.loads(path.read_text())) for path in paths]
    stamp, wanted = paths[0].with_name("lineage"), "\n".join(fingerprint(models, declared) for models in nights)
    if stamp.exists() and stamp.read_text() == wanted:
        return ()
    unseen = [_unseen(name, words) for name, words in hidden(PROJECT).items()]
    found = (*unseen, *dict.fromkeys(one for models in nights for one in examine_lineage(models, declared)))
    if not found:
        stamp.write_text(wanted)
    return found


def hidden(project: Path) -> dict[str, set[str]]:
    """By file, the words by which a model could be another one than the text that is examined: none is allowed."""
    known = set(yaml.safe_load((project / "dbt_project.yml").read_text())["vars"])
    found = {}
    for path in sorted(chain.from_iterable((project / folder).rglob("*.sql") for folder in ("models", "macros"))):
        text = path.read_text()
        if strange := {*BRANCHES.findall(text), *VARIABLES.findall(text)} - known:
            found[path.name] = strange
    return found


def _unseen(name: str, words: set[str]) -> Break:
    from expectations.lineage import Break

    reason = (
        f"hides from the guard what it runs ({', '.join(sorted(words))}): no branch on target, environment or state"
    )
    return Break(name, "", (name,), "", reason, ("protected.cells",))


def told(settings: Settings, tables: Iterable[str]) -> list[str]:
    """The ways that tonight's breaks take, a line each, for whoever reads the night."""
    from expectations.lineage import ways

    found, declared = breaks(settings), declared_kinds(settings.systems)
    lines = dict.fromkeys(f"lineage: {way}" for table in tables for way in ways(found, table, declared))
    shown = list(lines)[:SHOWN]
    return shown + [f"lineage: and {len(lines) - SHOWN} more; `make check` tells all"] * (len(lines) > SHOWN)


def declared_kinds(systems: Iterable[str]) -> dict[str, str]:
    """The kind of every column that is read at the door or written by the pipeline itself, by schema.table.column."""
    from sources.systems import load

    found = {f"{table}.{column}": kind for table, columns in OWN.items() for column, kind in columns.items()}
    for system in map(load, systems):
        for stream in system.streams:
            table = system.table(stream.name)
            found |= {f"raw.{table}.{column.name}": column.kind.value for column in stream.columns}
    return found


def compiled(content: Mapping[str, Any]) -> dict[str, str]:
    """The SQL of every model, with the statements around it, and of the tables that the publisher makes.

    `content` is dbt's manifest, written by `dbt compile`. A model with a hook is more than one statement, and refused.
    """
    found = {"main.units": UNITS, "main.movers": MOVERS.format(bands=", ".join(BAND.format(of=name) for name in MOVES))}
    for node in content["nodes"].values():
        if node["resource_type"] not in ("model", "snapshot", "operation"):
            continue
        config = node["config"]
        hooks = [hook["sql"] for when in ("pre-hook", "post-hook") for hook in config.get(when) or ()]
        parts = [config.get("sql_header"), *hooks, node.get("compiled_code") or node["raw_code"]]
        found[f"{node['schema']}.{node['alias']}"] = ";\n".join(part for part in parts if part)
    return found
