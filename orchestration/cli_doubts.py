"""The command `quorum doubts`."""

from __future__ import annotations

import click

from orchestration.exits import told


@click.command()
def doubts() -> None:
    """Tell how many records are doubtful or count in no number of people, and what to do about it.

    Of the periods that the last build made and the twelve weeks before its clock. For who holds the key: it opens the
    vault and shows exact counts, which a night tells in bands. It never says which records, and writes nothing.

    \b
    Examples
      quorum doubts
    """
    with told():
        from rich.console import Console
        from rich.table import Table

        from orchestration.config import load
        from orchestration.doubts import counts
        from orchestration.vault import opened

        with opened(load()) as vault:
            found = counts(vault.connection)
        shown = Table("records", "stream", "what", "so", "what to do", show_lines=True)
        for one in found:
            shown.add_row(str(one.records), one.stream, one.doubt.what, one.doubt.then, one.doubt.remedy)
        console = Console()
        console.print(shown if found else "no record is doubtful, or nothing was built yet")
