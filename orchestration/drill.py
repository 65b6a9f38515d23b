"""The leak drill on what the pipeline really made: a copy of the vault in memory, leaks planted in it, the gate over
it.

The copy has another attachment and is gone with the connection: nothing is ever planted in the vault. A leak that is
not caught pauses publishing until somebody has looked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.errors import NightError
from orchestration.pause import pause
from orchestration.policies import of_period
from orchestration.redact import redacted
from orchestration.vault import beside

if TYPE_CHECKING:
    from datetime import date

    import duckdb

    from expectations.drill import Outcome
    from expectations.policy import Policy
    from orchestration.settings import Settings

JOB = "weekly_drill"
DRILL = dg.AssetKey("drill")
SUNDAY = "0 4 * * 0"
COPIED = ("ops", "intermediate", "marts", "protected", "restated")


def drill_asset(settings: Settings, tables: Sequence[str]) -> dg.AssetsDefinition:
    """The asset `drill`: how many leaks were planted and caught, over time, in its metadata."""

    @dg.asset(key=DRILL, group_name="drill")
    def drill() -> dg.MaterializeResult[None]:
        """Plants every class of leak in a copy of what the last night made; each must be stopped."""
        with redacted():
            outcomes = drilled(settings, tables)
        missed = [outcome for outcome in outcomes if not outcome.caught]
        if missed:
            raise NightError(told(missed))
        return dg.MaterializeResult(metadata={"planted": len(outcomes), "caught": len(outcomes) - len(missed)})

    return drill


def drilled(
    settings: Settings, tables: Sequence[str], heard: Callable[[Outcome], None] = lambda _: None
) -> list[Outcome]:
    """Every plant on every table that has something published; publishing is paused when one is missed."""
    from expectations.drill import Undrillable, drill

    outcomes: list[Outcome] = []
    with copied(settings) as connection:

        def policy(start: date) -> Policy:
            return of_period(connection, settings, start).policy

        for table in tables:
            try:
                for outcome in drill(connection, table, policy):
                    outcomes.append(outcome)
                    heard(outcome)
            except Undrillable as error:
                raise NightError(str(error)) from None
    if not outcomes:
        raise NightError("no table has a published team yet: run nights until one has, then drill")
    if not all(outcome.caught for outcome in outcomes):
        pause(settings.home, "drill")
    return outcomes


def told(missed: Sequence[Outcome]) -> str:
    """What was not caught, and what was done about it."""
    lines = "\n".join(f"  {outcome.table}: {outcome.plant}" for outcome in missed)
    return f"not caught:\n{lines}\npublishing is paused; mend the rule, drill again, then `quorum resume`"


@contextmanager
def copied(settings: Settings) -> Iterator[duckdb.DuckDBPyConnection]:
    """A copy of the vault in memory, attached as `vault`; what spills of it is encrypted."""
    with beside(settings) as connection:
        rows = connection.execute(
            "select schema_name, table_name from duckdb_tables() where database_name = 'original'"
        ).fetchall()
        for schema, table in rows:
            if schema in COPIED:
                connection.execute(f"create schema if not exists vault.{schema}")
                connection.execute(f"create table vault.{schema}.{table} as from original.{schema}.{table}")
        connection.execute("detach original")
        yield connection
