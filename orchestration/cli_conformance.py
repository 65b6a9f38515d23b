"""The command `quorum conformance`."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from orchestration.exits import told

EXIT_CODES = """\b
Exit codes
  0  every case holds
  1  at least one does not; the table tells what was expected and what was found
  2  a file is not of the form of docs/conformance.md
"""


@click.command(epilog=EXIT_CODES)
@click.argument(
    "files",
    nargs=-1,
    required=True,
    metavar="FILE...",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@click.option("--case", "names", multiple=True, metavar="NAME", help="Only the case of this name; may be repeated.")
def conformance(files: tuple[Path, ...], names: tuple[str, ...]) -> None:
    """Hold the definitions of the measures against cases: tiny histories, with what must come out of them.

    A case is a few events (a change opened, a review given, a task moved) and the exact values that they make, before
    any protection. It runs through the door and the real models, in memory; no vault is opened and nothing is written.
    How to write one, and how to run another implementation against them: docs/conformance.md.

    \b
    Examples
      quorum conformance tests/conformance/cases/*.yaml
      quorum conformance --case squash tests/conformance/cases/commits.yaml
    """
    with told():
        from rich.console import Console
        from rich.table import Table

        from orchestration.config import prepare_environment
        from orchestration.conformance.case import read_cases
        from orchestration.conformance.kit import judged, models
        from orchestration.errors import ConfigError

        prepare_environment()
        console = Console()
        cases = [case for file in files for case in read_cases(file) if not names or case.name in names]
        if not cases:
            message = "no case of that name is in these files"
            raise ConfigError(message)
        with console.status("dbt compiles the models"):
            over = models()
        shown = Table("case", "", "where", "value", "expected", "found")
        held = 0
        for case, found in judged(cases, over):
            held += not found
            if not found:
                shown.add_row(case.name, "holds")
            for one in found:
                where = " ".join(filter(None, (one.table, one.team, str(one.period or ""))))
                shown.add_row(case.name, "[bold]differs[/]", where, one.value, _text(one.expected), _text(one.found))
        console.print(shown)
        console.print(f"{held} of {len(cases)} cases hold")
        sys.exit(0 if held == len(cases) else 1)


def _text(value: object) -> str:
    """A value as it stands in a table; nothing has a word of its own."""
    if isinstance(value, list):
        return ", ".join(map(_text, value)) or "none"
    return "nothing" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
