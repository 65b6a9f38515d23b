"""The command `quorum conformance`."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.exits import told

if TYPE_CHECKING:
    from orchestration.conformance.kit import Difference

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

        from orchestration.config import prepare_environment
        from orchestration.conformance.case import read_cases
        from orchestration.conformance.kit import judged, models
        from orchestration.errors import ConfigError

        prepare_environment()
        cases = [case for file in files for case in read_cases(file) if not names or case.name in names]
        if not cases:
            message = "no case of that name is in these files"
            raise ConfigError(message)
        with Console(stderr=True).status("dbt compiles the models"):
            over = models()
        held = 0
        for case, found in judged(cases, over):
            held += not found
            click.echo(f"{'differs' if found else 'holds':9}{case.name}")
            for one in found:
                click.echo(f"{'':9}  {_told(one)}")
        click.echo(f"{held} of {len(cases)} cases hold")
        sys.exit(0 if held == len(cases) else 1)


def _told(one: Difference) -> str:
    where = " ".join(filter(None, (one.table, one.team, str(one.period or ""))))
    is_time = one.value.endswith("_seconds")
    return f"{where} {one.value}: expected {_text(one.expected, is_time)}, found {_text(one.found, is_time)}"


def _text(value: object, is_time: bool) -> str:
    """A value as it stands in a case."""
    if isinstance(value, list):
        return f"[{', '.join(_text(one, is_time) for one in value)}]"
    if is_time and isinstance(value, int):
        hours, rest = divmod(value, 3600)
        parts = ((hours, "h"), (rest // 60, "m"), (rest % 60, "s"))
        return "".join(f"{number}{unit}" for number, unit in parts if number) or "0h"
    return "null" if value is None else f"{value:.2f}" if isinstance(value, float) else str(value)
