"""The command `quorum explain`."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING

import click

from orchestration.chain import RESTATE, RETRACT, Key
from orchestration.exits import told

if TYPE_CHECKING:
    import duckdb
    from rich.console import Console
    from rich.table import Table

    from expectations.explain import Candidate, Explanation

DONE = {RESTATE: "restated", RETRACT: "withdrawn"}
NAMES = {"alone": "alone", "whole": "all of it"}


@click.command()
@click.argument("table")
@click.argument("period", type=click.DateTime(["%Y-%m-%d"]), metavar="PERIOD")
@click.argument("unit")
def explain(table: str, period: datetime, unit: str) -> None:
    """Tell why the row of UNIT in TABLE is there, merged or withheld; PERIOD is the period's first day.

    For who holds the key: it opens the vault and shows what readers must not see. It writes nothing anywhere. Of a
    period that was restated or withdrawn it says so, and explains what was released first.

    \b
    Examples
      quorum explain team_delivery 2026-09-07 checkout
      quorum explain team_tasks 2026-09-07 rest:payments
    """
    with told():
        from rich.console import Console

        from expectations.explain import NoSuchRow, explain
        from expectations.measures import TABLES, table_named
        from orchestration.config import load
        from orchestration.errors import ConfigError
        from orchestration.policies import of_period
        from orchestration.vault import opened

        if table not in (known.name for known in TABLES):
            message = f"no such table; there are {', '.join(known.name for known in TABLES)}"
            raise ConfigError(message)
        settings = load()
        source = table_named(table).source
        with opened(settings) as vault:
            try:
                found = explain(
                    vault.connection,
                    table,
                    period.date(),
                    unit,
                    of_period(vault.connection, settings, period.date()).policy,
                )
            except NoSuchRow as error:
                raise ConfigError(str(error)) from None
            later = list(_later(vault.connection, [(name, period.date()) for name in (table, source) if name]))
        console = Console()
        for sentence in later:
            console.print(sentence, highlight=False)
        if source:
            console.print(f"worked out of what {source} publishes; the row there:", highlight=False)
        _show(console, found)


def _later(connection: duckdb.DuckDBPyConnection, keys: list[Key]) -> Iterator[str]:
    """What became of these periods after their first release."""
    from orchestration.chain import standing
    from orchestration.register import RELEASES, entries

    now = standing(entries(connection, RELEASES))
    for table, start in keys:
        one = now.get((table, start))
        if one and one.action in DONE:
            yield f"{table} of {start} was {DONE[one.action]} by release {one.release_id}; what was released first:"


def _show(console: Console, found: Explanation) -> None:
    console.print(f"[bold]{found.unit}[/] ({found.level}): {found.status}", highlight=False)
    if found.atoms:
        console.print(f"made of {', '.join(found.atoms)}", highlight=False, markup=False)
    for candidate in found.tried:
        console.print(_tests(candidate))


def _tests(candidate: Candidate) -> Table:
    from rich.table import Table

    kind, _, name = candidate.name.partition(":")
    title = f"{name} {NAMES[kind]}" if kind in NAMES else candidate.name
    verdict = "safe" if candidate.safe else "not safe"
    shown = Table("rule", "column", "found", "needed", "", title=f"{title}: {verdict}", title_justify="left")
    for test in candidate.tests:
        shown.add_row(test.rule, test.column, test.found, test.needed, "ok" if test.passed else "no")
    return shown
