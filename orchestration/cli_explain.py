"""The command `quorum explain`."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

import click

from orchestration.exits import told

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from expectations.explain import Candidate, Explanation

NAMES = {"alone": "alone", "whole": "all of it"}


@click.command()
@click.argument("table")
@click.argument("period", type=click.DateTime(["%Y-%m-%d"]), metavar="PERIOD")
@click.argument("unit")
def explain(table: str, period: datetime, unit: str) -> None:
    """Tell why the row of UNIT in TABLE is there, merged or withheld; PERIOD is the period's first day.

    For who holds the key: it opens the vault and shows what readers must not see. It writes nothing anywhere.

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
        console, source = Console(), table_named(table).source
        if source:
            console.print(f"worked out of what {source} publishes; the row there:", highlight=False)
        _show(console, found)


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
