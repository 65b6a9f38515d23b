"""The command `quorum`: a night, the UI, the sandbox.

What is created gets mode 0600 or 0700, and no crash leaves a core file; errors end as orchestration/exits.py says.
"""

from __future__ import annotations

import os
import resource
import signal
import subprocess
import sys
from datetime import datetime
from pathlib import Path

import click

from orchestration import (
    cli_audit,
    cli_conformance,
    cli_coverage,
    cli_doubts,
    cli_drill,
    cli_explain,
    cli_receive,
    cli_register,
    cli_sandbox,
    cli_schema,
    cli_statuses,
)
from orchestration.exits import told

PORT = 3000
EXIT_CODES = """\b
Exit codes
  0  all is well: everything was read, nothing was blocked
  1  the night is red: a system was down, a table was blocked, or a step failed; the summary says which
  2  quorum.yaml, the environment or the command line is wrong
  3  the vault cannot be opened: locked by another night, wrong key, damaged, or the disk is full
"""


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="quorum")
def quorum() -> None:
    """Measure the team, never the person: team-level engineering metrics that name nobody.

    Everything is configured in quorum.yaml in the working folder; secrets are in the environment
    variables that it names. Data lies in the home: QUORUM_HOME, or .quorum in the working folder.

    \b
    Examples
      quorum nightly                      one whole night, from the systems to a release
      quorum nightly --as-of DATE         the same, with the clock at that day
      quorum verify                       whether what is published is what its register says
      quorum ui                           the Dagster UI on http://localhost:3000, and the nightly schedule
      quorum statuses                     which statuses of Jira are work, and which are waiting
      quorum sandbox serve                the made-up company alone, to look at its answers
      quorum sandbox truth truth/         what really happened in it, to compare with what was published
    """
    os.umask(0o077)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold what only memory may


@quorum.command(epilog=EXIT_CODES)
@click.option(
    "--as-of",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DATE",
    help="The clock: 00:00 UTC of that day. Default: today. It never goes back.",
)
def nightly(as_of: datetime | None) -> None:
    """Run one night: extract, build, judge, publish.

    It can be stopped at any moment and started again; nothing is lost and nothing is read twice. A period is published
    once, 7 days after it closed; a night that closes none publishes nothing and leaves published/ untouched.

    \b
    Examples
      quorum nightly
      quorum nightly --as-of $(date -d '+6 weeks' +%F)    the sandbox company, six weeks ahead
    """
    with told():
        from rich.console import Console

        from orchestration.config import load, prepare_environment

        prepare_environment()
        settings = load()
        from orchestration.nightly import run_night

        sys.exit(run_night(settings, as_of.date() if as_of else None, Console()))


@quorum.command()
@click.option("--port", default=PORT, show_default=True, help="Where the UI listens, on loopback.")
def ui(port: int) -> None:
    """Open the Dagster UI, with the daemon that starts the nightly run at the time in quorum.yaml.

    While quorum.yaml names the sandbox, it is started too. Stop with Ctrl-C.
    """
    with told():
        from orchestration.config import environment, load
        from orchestration.instance import prepare_instance
        from orchestration.sandbox_process import sandbox
        from orchestration.vault import make_home

        settings = load()
        make_home(settings)
        prepare_instance(settings)
        workspace = Path(__file__).resolve().parents[1] / "workspace.yaml"
        command = [sys.executable, "-m", "dagster", "dev", "-w", str(workspace), "-h", "127.0.0.1", "-p", str(port)]
        places = {"QUORUM_HOME": str(settings.home), "QUORUM_CONFIG": str(settings.file)}
        secrets = {name: value.get_secret_value() for name, value in settings.secrets.items()}
        if settings.key is not None:
            secrets["QUORUM_KEY"] = settings.key.get_secret_value()
        with sandbox(settings, None) as awaited:
            awaited()
            click.echo(f"http://localhost:{port}")
            variables = environment(settings, **secrets, **places)
            # Started with a script's & we ignore Ctrl-C; Dagster would inherit it, ignore SIGTERM too and never end.
            signal.signal(signal.SIGINT, signal.default_int_handler)
            with subprocess.Popen(command, cwd=settings.project, env=variables) as process:
                signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        sys.exit(process.returncode)


for command in (
    cli_sandbox.sandbox,
    cli_coverage.coverage,
    cli_explain.explain,
    cli_audit.audit,
    cli_conformance.conformance,
    cli_doubts.doubts,
    cli_drill.drill,
    cli_receive.receive,
    cli_schema.schema,
    cli_statuses.statuses,
    *cli_register.COMMANDS,
):
    quorum.add_command(command)


def main() -> None:
    """The entry point of the command."""
    quorum()
