"""The commands of the release register: `verify`, `restate`, `retract`, `pause`, `resume`.

Imports stand inside the commands: Dagster and Great Expectations take seconds.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from orchestration.chain import REASONS, RESTATE, RETRACT
from orchestration.exits import told
from orchestration.pause import REASONS as PAUSES

if TYPE_CHECKING:
    from orchestration.chain import Entry

DAY = click.DateTime(["%Y-%m-%d"])
CODES = """\b
Exit codes
  0  {well}
  1  {ill}; the message says why, and whether anything was changed
  2  quorum.yaml, the environment or the command line is wrong
  3  the vault cannot be opened: locked by a night, wrong key, damaged, or the disk is full
"""


@click.command(
    epilog="""\b
Exit codes
  0  the release is what its register says
  2  quorum.yaml or the command line is wrong
  4  it is not: each line says what and where
"""
)
@click.argument("release", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--noted", metavar="DIGEST", help="A digest that was noted earlier: the chain must still hold it.")
@click.option("--verdicts", is_flag=True, help="Also that a verdict stood behind each release: opens the vault.")
def verify(release: Path | None, noted: str | None, verdicts: bool) -> None:
    """Check a release against its register: the chain, every row, every file that readers open.

    Needs no key and opens no vault, so that every reader can do it, but with --verdicts, for who holds the key. RELEASE
    is a release's folder or a copy of one; by default what quorum.yaml publishes.

    \b
    Examples
      quorum verify
      quorum verify /mnt/shared/published --noted 5fbb157b994f…
    """
    with told():
        from orchestration.verify import VerifyError, examined

        place = (release or _published()).resolve()
        found = examined(place, noted)
        faults = (*found.faults, *(_unproved(found.entries) if verdicts and found.entries else ()))
        if faults or not found.entries:
            lines = "\n".join(f"  {fault}" for fault in faults or ("its register is empty",))
            message = f"{place} is not what was released:\n{lines}\nPut it back from a copy, or ask for it anew"
            raise VerifyError(message)
        newest = found.entries[-1]
        periods = sum(len(starts) for one in found.entries for starts in one.contents.values())
        click.echo(f"{place.name} is as released: {len(found.entries)} entries, {periods} periods, all files")
        click.echo(f"newest entry {newest.release_id}: {newest.digest}")
        click.echo("note this digest; `quorum verify --noted` tells later whether the past is still the same")


def _unproved(told_of: Sequence[Entry]) -> list[str]:
    """A line for each table of which the vault has no verdict that names what was released, and by which policy."""
    from orchestration.config import load
    from orchestration.errors import ConfigError
    from orchestration.reconcile import unproved
    from orchestration.vault import opened

    settings = load()
    if not settings.vault_file.exists():
        message = f"there is no vault at {settings.vault_file}: set QUORUM_HOME to the one that made the release"
        raise ConfigError(message)
    with opened(settings) as vault:
        counts = Counter(table for table, _ in unproved(vault.connection, told_of))
    return [f"table {table}: no verdict in the vault for what was released, {n} times" for table, n in counts.items()]


def _published() -> Path:
    from orchestration.config import load
    from orchestration.errors import ConfigError

    place = load().published
    if not place.exists():
        message = f"nothing is published at {place} yet: run `quorum nightly`, or name a release's folder"
        raise ConfigError(message)
    return place


@click.command(epilog=CODES.format(well="it was published again", ill="it may not be published again"))
@click.argument("table")
@click.argument("period", type=DAY, metavar="PERIOD")
@click.option("--reason", required=True, type=click.Choice(REASONS[RESTATE]), help="Published in the register.")
def restate(table: str, period: datetime, reason: str) -> None:
    """Publish a released period of TABLE once more, from what is known of it now. PERIOD is its first day.

    It keeps its teams together as they were. It is refused when too few people stand behind the difference from
    anything that was ever released of it: then it can only be retracted. What is worked out of it (`team_bottlenecks`
    of `team_delivery`) is withdrawn first, and can be restated after.

    \b
    Example
      quorum restate team_delivery 2026-10-05 --reason late-data
    """
    with told():
        from orchestration.config import load, prepare_environment

        prepare_environment()
        settings = load()
        from orchestration.restate import restate as restating
        from orchestration.roster_file import read_roster
        from orchestration.sandbox_process import sandbox
        from orchestration.vault import opened

        with opened(settings) as vault:
            clock = vault.clock
        with sandbox(settings, clock.date() if clock else None) as awaited:
            awaited()
            identifiers = read_roster(settings).identifiers()
            release = restating(settings, (table, period.date()), reason, identifiers)  # reads the roster once more
        click.echo(f"restated by release {release.release_id}")


@click.command(
    epilog=CODES.format(
        well="it is withdrawn", ill="it was never released, is withdrawn already, or a folder that shows it stays"
    )
)
@click.argument("table")
@click.argument("period", type=DAY, metavar="PERIOD")
@click.option("--reason", required=True, type=click.Choice(REASONS[RETRACT]), help="Published in the register.")
def retract(table: str, period: datetime, reason: str) -> None:
    """Take a released period of TABLE back: all its rows become withheld. PERIOD is its first day.

    What is worked out of it (`team_bottlenecks` of `team_delivery`) goes with it. The folders of earlier releases are
    removed; the command fails while one cannot be. Who has copied one keeps it, so what was released stays known. The
    names in `units` stay.

    \b
    Example
      quorum retract team_delivery 2026-10-05 --reason wrong-roster
    """
    with told():
        from orchestration.config import load
        from orchestration.retract import retract as retracting
        from orchestration.retract import withdrawal
        from orchestration.vault import opened

        settings = load()
        with opened(settings) as vault:
            release = retracting(vault.connection, withdrawal(settings, vault), (table, period.date()), reason)
        click.echo(f"withdrawn by release {release.release_id}")


@click.command()
@click.option("--reason", default="operator", show_default=True, type=click.Choice(PAUSES))
def pause(reason: str) -> None:
    """Stop publishing until `quorum resume`: nights go on, read, build and judge, and are red.

    It works while a night runs. Taking something back is not stopped.
    """
    with told():
        from orchestration.config import load
        from orchestration.pause import pause as pausing

        click.echo(str(pausing(load().home, reason)))


@click.command()
def resume() -> None:
    """Publish again, from the next night on."""
    with told():
        from orchestration.config import load
        from orchestration.pause import resume as resuming

        click.echo("publishing goes on with the next night" if resuming(load().home) else "publishing was not paused")


COMMANDS = (verify, restate, retract, pause, resume)
