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
        from orchestration.config import load
        from orchestration.doubts import by_kind, counts
        from orchestration.vault import opened

        with opened(load()) as vault:
            found = counts(vault.connection)
        for doubt, told_of in by_kind(found, str):
            click.echo(f"{doubt.what}: {told_of}\n  so: {doubt.then}\n  do: {doubt.remedy}")
        if not found:
            click.echo("no record is doubtful, or nothing was built yet")
