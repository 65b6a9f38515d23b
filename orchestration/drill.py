"""The leak drill on what the pipeline really made: leaks planted in copies, and everything over them that stands in the
way of a leak: the gate's rules, the lineage guard, and the publisher's last look at a written release.

The copy of the vault is in memory, has another attachment and is gone with the connection: nothing is ever planted in
the vault. A leak that is not caught, and a drill that cannot be held to its end, pause publishing until somebody has
looked. Not drilled: the linear programs, which tests plant with.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.dbt_manifest import manifest
from orchestration.drill_release import planted_in_release
from orchestration.errors import NightError
from orchestration.lineage import compiled, declared_kinds
from orchestration.pause import pause
from orchestration.policies import of_period
from orchestration.redact import redacted
from orchestration.register import RELEASES, entries
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
NOTHING = "no table has a published team yet: run nights until one has, then drill"
COPIED = ("ops", "intermediate", "marts", "protected", "restated")


def drill_asset(settings: Settings, tables: Sequence[str]) -> dg.AssetsDefinition:
    """The asset `drill`: how many leaks were planted and caught, over time, in its metadata."""

    @dg.asset(key=DRILL, group_name="drill")
    def drill() -> Iterator[dg.MaterializeResult[None]]:
        """Plants every class of leak in a copy of what the last night made; each must be stopped."""
        with redacted():
            outcomes = drilled(settings, tables)
        missed = [outcome for outcome in outcomes if not outcome.caught]
        yield dg.MaterializeResult(metadata={"planted": len(outcomes), "caught": len(outcomes) - len(missed)})
        if missed:
            raise NightError(told(missed))

    return drill


def drilled(
    settings: Settings, tables: Sequence[str], heard: Callable[[Outcome], None] = lambda _: None
) -> list[Outcome]:
    """Every plant on every table that has something published; publishing is paused when one is missed."""
    outcomes: list[Outcome] = []
    with copied(settings) as connection, _paused_on_failure(settings):
        for outcome in _planted(settings, connection, tables):
            outcomes.append(outcome)
            heard(outcome)
        if not outcomes and entries(connection, RELEASES):
            raise NightError(NOTHING)
        if not all(outcome.caught for outcome in outcomes):
            pause(settings.home, "drill")
    if not outcomes:  # nor was anything released: there is nothing to stop
        raise NightError(NOTHING)
    return outcomes


def _planted(settings: Settings, connection: duckdb.DuckDBPyConnection, tables: Sequence[str]) -> Iterator[Outcome]:
    from expectations.drill import drill, planted_in_model

    def policy(start: date) -> Policy:
        return of_period(connection, settings, start).policy

    reached: list[str] = []
    for table in tables:
        for outcome in drill(connection, table, policy):
            reached.append(table)
            yield outcome
    if reached:
        models = compiled(json.loads(manifest(settings).read_text(encoding="utf-8")))
        yield from planted_in_model(models, declared_kinds(settings.systems), reached[0])  # it reads all of them
        yield from planted_in_release(settings)


@contextmanager
def _paused_on_failure(settings: Settings) -> Iterator[None]:
    from expectations.drill import Undrillable

    try:
        yield
    except Exception as error:
        pause(settings.home, "drill")
        if isinstance(error, Undrillable):
            message = f"{error}; publishing is paused"
            raise NightError(message) from None
        raise


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
