"""The command `quorum schema`."""

from __future__ import annotations

import click


@click.command()
@click.argument("what", type=click.Choice(["events"]))
def schema(what: str) -> None:
    """Print the JSON Schema of one line of an events file.

    For the pipeline that writes the file, to check its lines against: docs/events.md tells what they mean.

    \b
    Examples
      quorum schema events > events.schema.json
    """
    from sources.systems import events_lines

    click.echo({"events": events_lines.schema}[what]())
