"""The commands `quorum sandbox serve` and `quorum sandbox truth`."""

from __future__ import annotations

import signal
import sys
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event, Thread
from typing import TYPE_CHECKING

import click

from orchestration.exits import told

if TYPE_CHECKING:
    from sources.sandbox.settings import Plant


@click.group()
def sandbox() -> None:
    """The made-up company: real HTTP on loopback, deterministic from a seed."""


def _plants(_context: click.Context, _option: click.Parameter, given: tuple[str, ...]) -> tuple[Plant, ...]:
    from sources.sandbox.settings import Plant

    try:
        return tuple(Plant.parsed(text) for text in given)
    except ValueError as error:
        raise click.BadParameter(str(error)) from None


def _company(command: click.decorators.FC) -> click.decorators.FC:
    """The options that say which company."""
    day = click.DateTime(["%Y-%m-%d"])
    options = (
        click.option("--seed", default=7, show_default=True, help="Another seed, another company."),
        click.option("--start", type=day, default="2024-11-11", show_default=True, help="Its first day."),
        click.option("--until", type=day, help="Only what happened before that day exists. Default: today."),
        click.option(
            "--plant",
            "plants",
            multiple=True,
            metavar="stage=…,team=…,from=…,factor=…",
            callback=_plants,
            help="Slow a stage of a team's changes down from a day on: coding, pickup, review or merge_wait.",
        ),
    )
    for option in reversed(options):
        command = option(command)
    return command


@sandbox.command()
@click.option("--port", default=8787, show_default=True)
@click.option("--while-stdin", is_flag=True, hidden=True, help="End when standard input is closed.")
@_company
def serve(
    port: int, while_stdin: bool, seed: int, start: datetime, until: datetime | None, plants: tuple[Plant, ...]
) -> None:
    """Serve the company: /github, /jira, /git, /events.jsonl and /roster.yaml on 127.0.0.1. Stop with Ctrl-C.

    It misbehaves on demand: POST /faults says how from now on, DELETE /faults ends it. A fault has a kind, and may have
    a system (events, git, github, jira, roster), times (1; null: always), after (so many good answers), seconds (of
    slow and of limits), part (of the path), name (of what is gone).

    \b
    Kinds
      primary_limit, secondary_limit    GitHub's limits
      jira_limit                        Jira's, status 429
      error, down, refused, timeout     status 500, 503, 403, GitHub's 502
      slow, cut, half                   late; no answer; half an answer
      malformed, html                   broken JSON; a page for people
      duplicates                        each page repeats the end of the one before
      gone                              a repository or project is not there

    \b
    Examples
      quorum sandbox serve
      curl http://127.0.0.1:8787/roster.yaml
      curl http://127.0.0.1:8787/faults -d '[{"kind": "error", "system": "jira", "times": 3}]'
      quorum sandbox serve --plant stage=review,team=search,from=2026-01-05,factor=6
    """
    with told():
        from orchestration.sandbox_process import serve as serve_company
        from sources.sandbox.settings import Sandbox

        company = Sandbox(seed=seed, start=start.date(), until=_day(until), plants=plants)
        click.echo(f"http://127.0.0.1:{port}")
        serve_company(company, port, follow=until is None, ended=_watch_stdin if while_stdin else _watch_signals)


@sandbox.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@_company
def truth(folder: Path, seed: int, start: datetime, until: datetime | None, plants: tuple[Plant, ...]) -> None:
    """Write what really happened into FOLDER: contributions, totals, events, members, hierarchy, identifiers.

    \b
    Example
      quorum sandbox truth truth/ --until $(date +%F)
    """
    with told():
        from sources.sandbox.settings import Sandbox
        from sources.sandbox.truth import write_truth

        write_truth(Sandbox(seed=seed, start=start.date(), until=_day(until), plants=plants), folder)
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
