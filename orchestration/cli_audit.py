"""The command `quorum audit`."""

from __future__ import annotations

import sys

import click

from orchestration.exits import told


@click.command()
def audit() -> None:
    """Bound every contributor by linear programs over all that was ever published.

    Tells findings by table, column and kind, never a value: docs/audit.md says what each means. The exit code is 1 when
    a bound is broken. The same runs as the Dagster job `monthly_audit`.
    """
    with told():
        from rich.console import Console

        from orchestration.audit import audited, violations
        from orchestration.config import load

        console = Console()
        with console.status("solving"):
            found = audited(load())
        for table, column in dict.fromkeys((one.table, one.column) for one in found):
            mine = [one for one in found if (one.table, one.column) == (table, column) and one.count]
            said = ", ".join(f"{one.rule.partition('.')[2]}: {one.count}" for one in mine) or "every bound holds"
            console.print(f"{table}, {column}: {said}", highlight=False, markup=False)
        sys.exit(1 if violations(found) else 0)
