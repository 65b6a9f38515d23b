"""The command `quorum`: a night, the UI, the sandbox. The only place that turns errors into exit codes.

What is created gets mode 0600 or 0700. Errors are one message on stderr, without a traceback, which could quote a
value.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread
from typing import NoReturn

import click

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
      quorum nightly --as-of 2027-01-15   the same, with the clock at that day
      quorum ui                           the Dagster UI on http://localhost:3000, and the nightly schedule
      quorum sandbox serve                the made-up company alone, to look at its answers
      quorum sandbox truth truth/         what really happened in it, to compare with what was published
    """
    os.umask(0o077)


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
      quorum nightly --as-of 2027-01-15
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
        from orchestration.config import NAME, environment, load
        from orchestration.instance import prepare_instance
        from orchestration.sandbox_process import sandbox
        from orchestration.vault import make_home

        settings = load()
        make_home(settings)
        prepare_instance(settings)
        workspace = settings.project / "workspace.yaml"
        command = [sys.executable, "-m", "dagster", "dev", "-w", str(workspace), "-h", "127.0.0.1", "-p", str(port)]
        places = {"QUORUM_HOME": str(settings.home), "QUORUM_CONFIG": str(settings.project / NAME)}
        secrets = {name: value.get_secret_value() for name, value in settings.secrets.items()}
        if settings.key is not None:
            secrets["QUORUM_KEY"] = settings.key.get_secret_value()
        with sandbox(settings, None):
            click.echo(f"http://localhost:{port}")
            variables = environment(settings, **secrets, **places)
            with subprocess.Popen(command, cwd=settings.project, env=variables) as process:
                signal.signal(signal.SIGTERM, lambda *_: process.terminate())
        sys.exit(process.returncode)


@quorum.group("sandbox")
def sandbox_group() -> None:
    """The made-up company: real HTTP on loopback, deterministic from a seed."""


def _company(command: click.decorators.FC) -> click.decorators.FC:
    """The options that say which company."""
    day = click.DateTime(["%Y-%m-%d"])
    options = (
        click.option("--seed", default=7, show_default=True, help="Another seed, another company."),
        click.option("--start", type=day, default="2024-11-11", show_default=True, help="Its first day."),
        click.option("--until", type=day, help="Only what happened before that day exists. Default: today."),
    )
    for option in reversed(options):
        command = option(command)
    return command


@sandbox_group.command()
@click.option("--port", default=8787, show_default=True)
@click.option("--while-stdin", is_flag=True, hidden=True, help="End when standard input is closed.")
@_company
def serve(port: int, while_stdin: bool, seed: int, start: datetime, until: datetime | None) -> None:
    """Serve the company: /github, /jira, /git and /roster.yaml on 127.0.0.1. Stop with Ctrl-C.

    \b
    Examples
      quorum sandbox serve
      curl http://127.0.0.1:8787/roster.yaml
    """
    with told():
        from orchestration.sandbox_process import serve as serve_company
        from sources.sandbox.settings import Sandbox

        company = Sandbox(seed=seed, start=start.date(), until=_day(until))
        click.echo(f"http://127.0.0.1:{port}")
        serve_company(company, port, follow=until is None, ended=_watch_stdin if while_stdin else _watch_signals)


@sandbox_group.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_company
def truth(folder: Path, seed: int, start: datetime, until: datetime | None) -> None:
    """Write what really happened into FOLDER: contributions, events, hierarchy, identifiers.

    \b
    Example
      quorum sandbox truth truth/ --until 2027-01-15
    """
    with told():
        from sources.sandbox.settings import Sandbox
        from sources.sandbox.truth import write_truth

        write_truth(Sandbox(seed=seed, start=start.date(), until=_day(until)), folder)
        click.echo(f"written: {folder}")


def _watch_signals(stop: Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: stop.set())


def _watch_stdin(stop: Event) -> None:
    def wait() -> None:
        sys.stdin.read()
        stop.set()

    _watch_signals(stop)
    Thread(target=wait, daemon=True).start()


def _day(given: datetime | None) -> date:
    return given.date() if given else datetime.now(UTC).date()


@contextmanager
def told() -> Iterator[None]:
    """Errors of ours as one message and their exit code; any other as its class and place."""
    from orchestration.errors import QuorumError
    from orchestration.redact import redacted
    from sources.errors import SourceError

    try:
        with redacted():
            yield
    except QuorumError as error:
        _end(str(error), error.exit_code)
    except SourceError as error:
        _end(str(error), 1)


def _end(message: str, code: int) -> NoReturn:
    click.echo(f"quorum: {message}", err=True)
    sys.exit(code)


def main() -> None:
    """The entry point of the command."""
    quorum()
