"""The last asset: it depends on all others and turns the run red when any part of the night failed.

The other steps do not raise, so that a system that is down or a table that is blocked stops only itself; somebody has
to say it in the end.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import dagster as dg

from orchestration import reads
from orchestration.clearance import REFUSED, cleared
from orchestration.errors import NightError
from orchestration.lineage import told
from orchestration.pause import paused
from orchestration.redact import redacted
from orchestration.releasing import standard
from orchestration.rewriting import rewrite
from orchestration.vault import opened

if TYPE_CHECKING:
    import duckdb

    from orchestration.settings import Settings

NIGHT = dg.AssetKey("night")


def night_asset(settings: "Settings", tables: Sequence[str], after: Sequence[dg.AssetKey]) -> dg.AssetsDefinition:
    """The asset `night`."""

    @dg.asset(key=NIGHT, group_name="night", deps=after)
    def night() -> None:
        """Puts the vault in order, and raises one message that lists what failed."""
        with redacted():
            rewrite(settings)
            with opened(settings) as vault:
                found = faults(vault.connection, settings, tables)
            if found:
                raise NightError("the night is red:\n" + "\n".join(f"  {line}" for line in found))

    return night


def faults(connection: "duckdb.DuckDBPyConnection", settings: "Settings", tables: Sequence[str]) -> list[str]:
    """What failed in the last night, a line each: systems and reasons, models of dbt, tables and rules."""
    lines = [
        f"{system}: {reason}"
        for system, reasons in reads.failed(connection, settings.systems).items()
        for reason in reasons
    ]
    rows = connection.execute(
        "select node, status from vault.ops.builds "
        "where status not in ('success', 'pass', 'warn', 'skipped') order by node"
    ).fetchall()
    lines += [f"dbt, {'.'.join(node.split('.')[2:3])}: {status}" for node, status in rows]
    pause = paused(settings.home)
    lines += [str(pause)] if pause else []
    return lines + blocked(connection) + told(settings, tables) + _stayed(connection, settings, tables)


def _stayed(connection: "duckdb.DuckDBPyConnection", settings: "Settings", tables: Sequence[str]) -> list[str]:
    """What was not published although the gate did not refuse it: changed, or judged by something else."""
    _, refusals = cleared(connection, tuple(tables), standard(connection, settings))
    return [f"{one.table_name} stayed back: {one.reason}" for one in refusals if one.reason != REFUSED]


def blocked(connection: "duckdb.DuckDBPyConnection") -> list[str]:
    """The tables that the gate refused, with rule, column and count."""
    from expectations.detectors.remedies import remedy
    from expectations.verdict import findings_from_json

    rows = connection.execute("select findings from vault.ops.verdicts where not passed").fetchall()
    found = {one for (text,) in rows for one in findings_from_json(text) if one.count}
    return [
        f"{one.table} is blocked by rule {one.rule}{f' ({one.column})' if one.column else ''}: {one.count}"
        f"{f'; {remedy(one)}' if remedy(one) else ''}"
        for one in sorted(found, key=lambda one: (one.table, one.rule, one.column))
    ]
