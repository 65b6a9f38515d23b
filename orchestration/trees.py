"""The tree of a period, as one digest: which units there were, how they were called, and below which they stood.

It is the tree of the period's block, so of the first period of the block that was frozen. Everything in it is
published, in `units`; so the digest tells nothing more, and whoever reads a release can work it out again.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from orchestration.clock import block_of

if TYPE_CHECKING:
    import duckdb

PUBLISHED = """
select p.period_start, u.unit_id, u.parent_id, u.unit_level, u.unit_name
from (select distinct period_start from {schema}.periods) as p
join {schema}.units as u on u.valid_from <= p.period_start and (u.valid_to is null or u.valid_to > p.period_start)
where u.unit_level <> 'rest'
"""


def frozen_on(connection: duckdb.DuckDBPyConnection, periods: Iterable[date]) -> dict[date, date]:
    """For each period the day under which its block's tree stands in the vault; none where no tree was frozen."""
    rows = _frozen(connection, "distinct period_start") if _has_tree(connection) else []
    first = {block_of(start).period_start: start for (start,) in sorted(rows, reverse=True)}
    return {start: first[block] for start in periods if (block := block_of(start).period_start) in first}


def in_vault(connection: duckdb.DuckDBPyConnection, periods: Iterable[date]) -> dict[date, str]:
    """The digest of each period's tree as the vault has frozen it."""
    days = frozen_on(connection, periods)
    if not days:
        return {}
    found = _digests(_frozen(connection, "period_start, unit_id, parent_id, unit_level, unit_name"))
    return {start: found[day] for start, day in days.items()}


def in_release(connection: duckdb.DuckDBPyConnection, schema: str) -> dict[date, str]:
    """The digest of each period's tree as a release tells it."""
    return _digests(connection.execute(PUBLISHED.format(schema=schema)).fetchall())


def _frozen(connection: duckdb.DuckDBPyConnection, columns: str) -> list[tuple[Any, ...]]:
    return connection.execute(f"select {columns} from vault.intermediate.int_units").fetchall()


def _has_tree(connection: duckdb.DuckDBPyConnection) -> bool:
    """None before dbt's first run, nor after a first night that failed."""
    found = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'vault' and schema_name = 'intermediate' "
        "and table_name = 'int_units'"
    ).fetchone()
    return found is not None


def _digests(rows: Iterable[tuple[Any, ...]]) -> dict[date, str]:
    by_period: dict[date, list[str]] = {}
    for start, *unit in rows:
        line = json.dumps(unit, ensure_ascii=False, separators=(",", ":"))
        by_period.setdefault(start, []).append(line)
    return {start: _digest(lines) for start, lines in by_period.items()}


def _digest(lines: Iterable[str]) -> str:
    text = "".join(f"{line}\n" for line in sorted(lines))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
