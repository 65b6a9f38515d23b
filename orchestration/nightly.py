"""One whole night in this process: the Dagster job `nightly`, on the instance that the UI shows.

The vault is looked at first, so that a wrong key, a lock or a clock that goes back end the night before it begins,
with an exit code of their own. Dagster's console log is quiet; its event log has everything.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from orchestration.clock import midnight
from orchestration.connections import missing_secrets
from orchestration.dbt_process import ready
from orchestration.due import due
from orchestration.errors import ConfigError
from orchestration.instance import instance
from orchestration.progress import told_to
from orchestration.sandbox_process import sandbox
from orchestration.summary import Ended, fares, summary
from orchestration.vault import locked, opened
from orchestration.watching import watcher
from sources.reading import LOOPBACK

if TYPE_CHECKING:
    from dagster import ExecuteInProcessResult
    from rich.console import Console

    from orchestration.settings import Settings

JOB = "nightly"
QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
GREEN, RED = 0, 1


def run_night(settings: Settings, as_of: date | None, console: Console) -> int:
    """Run a night and print its summary; the exit code."""
    begun = time.monotonic()
    day = as_of or datetime.now(UTC).date()
    _look_at_day(settings, day)
    missing = missing_secrets(settings)
    if missing:
        message = f"the environment lacks {', '.join(missing)}, which quorum.yaml names: set it, or take the system out"
        raise ConfigError(message)
    with locked(settings):
        key, is_due = _look_at_vault(settings, day)
        waiting = ready(settings, key) if is_due else nullcontext()
        with sandbox(settings, day) as awaited, waiting, watcher(console) as watching, told_to(watching):
            ended = _executed(settings, day, awaited)
    for line in summary(settings, watching.notes, ended):
        console.print(line, highlight=False, markup=False, soft_wrap=True)
    console.print(
        f"the night is {'green' if ended.green else 'red'} ({time.monotonic() - begun:.0f} s)", highlight=False
    )
    return GREEN if ended.green else RED


def _look_at_day(settings: Settings, day: date) -> None:
    """Before the future is over, its blocks would be sealed half empty, for good; a made-up company has any time."""
    made_up = settings.sandbox or any(urlsplit(one.url).hostname in LOOPBACK for one in settings.systems.values())
    if day > datetime.now(UTC).date() and not made_up:
        message = (
            f"{day} is not yet: its blocks would be sealed before they are over. Take today (UTC) or an earlier day"
        )
        raise ConfigError(message)


def _look_at_vault(settings: Settings, day: date) -> tuple[str, bool]:
    """The vault's key, once it is known to open, and whether dbt will have something to do."""
    with opened(settings) as vault:
        seen, key, is_due = vault.clock, vault.keys.vault, due(vault.connection, settings, day)
    if seen is not None and midnight(day) < seen:
        message = f"the vault has seen {seen:%Y-%m-%d}: the clock does not go back; take that day or a later one"
        raise ConfigError(message)
    return key, is_due


def _executed(settings: Settings, day: date, awaited: Callable[[], None]) -> Ended:
    """The job, once the sandbox listens; Dagster is imported meanwhile."""
    from expectations.measures import TABLES
    from orchestration.definitions import definitions_of
    from orchestration.doubts import counts, lines
    from orchestration.night import faults
    from orchestration.raw import AS_OF
    from orchestration.transform import tables_of

    job = definitions_of(settings).resolve_job_def(JOB)
    with instance(settings) as store:
        awaited()
        result = job.execute_in_process(
            instance=store, raise_on_error=False, tags={AS_OF: day.isoformat()}, run_config=QUIET
        )
    tables = tables_of(settings)
    with opened(settings) as vault:
        known = faults(vault.connection, settings, tables)
        found = list(dict.fromkeys([*known, *_raised(result, known)]))
        shown = fares(vault.connection, settings.published, tables)
        doubtful = list(lines(counts(vault.connection)))
    without = [table.name for table in TABLES if table.name not in tables]
    return Ended(result.success, found, shown, without, doubtful)


def _raised(result: ExecuteInProcessResult, known: Sequence[str]) -> Iterator[str]:
    """What the steps raised and is not known yet; `night` repeats the others."""
    from orchestration.alerts import reason
    from orchestration.night import NIGHT

    for event in result.all_events:
        if event.is_step_failure and event.step_key != NIGHT.path[-1]:
            said = reason(event)
            if not any(line.endswith(said) for line in known):
                yield f"{event.step_key}: {said}"
