"""The command `quorum drill`."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import click

from orchestration.exits import told

if TYPE_CHECKING:
    from expectations.drill import Outcome


@click.command()
def drill() -> None:
    """Plant every class of leak in copies of what the last night made: each must be stopped.

    Nothing is planted in the vault or the release itself. When a leak is not caught, or the drill fails, publishing is
    paused until `quorum resume`, and the exit code is 1. The same runs weekly under `quorum ui`, as the asset `drill`.
    """
    with told():
        from rich.console import Console
        from rich.table import Table

        from orchestration.config import load
        from orchestration.drill import drilled
        from orchestration.drill import told as sentence
        from orchestration.transform import tables_of

        settings = load()
        console = Console()
        outcomes: list[Outcome] = []
        with console.status("planting leaks in a copy of the vault") as status:

            def heard(outcome: Outcome) -> None:
                status.update(f"{outcome.table}: {outcome.plant}")

            outcomes = drilled(settings, tables_of(settings), heard)
        shown = Table("planted", *dict.fromkeys(outcome.table for outcome in outcomes))
        for plant in dict.fromkeys(outcome.plant for outcome in outcomes):
            told_of = {one.table: "caught" if one.caught else "MISSED" for one in outcomes if one.plant == plant}
            shown.add_row(plant, *(told_of.get(table, "") for table in dict.fromkeys(one.table for one in outcomes)))
        console.print(shown)
        missed = [outcome for outcome in outcomes if not outcome.caught]
        console.print(f"{len(outcomes)} planted, {len(outcomes) - len(missed)} caught", highlight=False)
        if missed:
            click.echo(f"quorum: {sentence(missed)}", err=True)
            sys.exit(1)
