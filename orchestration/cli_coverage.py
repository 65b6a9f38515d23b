"""The command `quorum coverage`."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from orchestration.exits import told

if TYPE_CHECKING:
    import duckdb

    from expectations.policy import Policy
    from orchestration.settings import Settings

NUMBERS = ("own row", "merged", "withheld", "work in own rows", "work shown at all")


@click.command()
@click.option(
    "--try",
    "tried",
    multiple=True,
    metavar="KEY=VALUE[,…]",
    help="Another policy beside the configured one, e.g. k=7 or period=week; may be given several times.",
)
def coverage(tried: tuple[str, ...]) -> None:
    """Tell what would be published: shares of teams and of work, over the organisation and all periods.

    In steps of 5 points, from 20 teams on, and never of a unit. Other policies, in quorum.yaml or tried here, can be
    looked at before the first release only: shares under several policies beside released numbers would tell more than
    either. From then on it tells what the nights made, each period under the policy that its block began with.

    \b
    Examples
      quorum coverage
      quorum coverage --try k=7 --try period=week --try k=4,period=week
    """
    with told():
        from rich.console import Console
        from rich.table import Table

        from expectations.coverage import coverage as shares
        from expectations.measures import TABLES
        from orchestration.clearance import exists
        from orchestration.config import load

        settings = load()
        console = Console()
        shown = Table(
            "policy", "table", *NUMBERS, caption="% of all teams and periods, or of their work; in steps of 5"
        )
        for name, policy in _policies(settings, tried).items():
            with console.status(f"counting {name}"), _made(settings, policy) as connection:
                for table in (one.name for one in TABLES if exists(connection, "vault.protected", one.name)):
                    one = shares(connection, table)
                    figures = (one.own, one.merged, one.withheld, one.work_own, one.work_shown)
                    shown.add_row(name, table, *("too few" if share is None else f"{share} %" for share in figures))
        console.print(shown)


def _policies(settings: Settings, tried: tuple[str, ...]) -> dict[str, Policy | None]:
    """What is looked at, by name; once something was released, by this vault's own register, what it made alone."""
    from orchestration.errors import ConfigError
    from orchestration.register import RELEASES, entries
    from orchestration.vault import opened

    with opened(settings) as vault:
        if not entries(vault.connection, RELEASES):
            return {"as configured": settings.policy, **{text: _policy(settings, text) for text in tried}}
    if tried:
        message = "something was released: other policies can be tried before the first release only"
        raise ConfigError(message)
    return {"in force": None}


@contextmanager
def _made(settings: Settings, policy: Policy | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """What the nights made, or what they would make of everything under a policy, in memory."""
    from orchestration.rehearsal import rehearsed
    from orchestration.vault import opened

    if policy is not None:
        with rehearsed(settings, policy) as connection:
            yield connection
    else:
        with opened(settings) as vault:
            yield vault.connection


def _policy(settings: Settings, text: str) -> Policy:
    """The configured policy with some keys changed; above the floors."""
    from expectations.policy import WORDS, Policy, PolicyError
    from orchestration.errors import ConfigError

    given = dict(pair.strip().split("=", 1) for pair in text.split(",") if "=" in pair)
    known = {name: value for name, value in asdict(settings.policy).items() if name not in (*WORDS, *given)}
    period = given.pop("period", settings.policy.period)
    try:
        numbers = {key: float(value) if "." in value else int(value) for key, value in given.items()}
        return Policy.from_mapping(known | numbers, period, settings.time_zone)
    except (ValueError, PolicyError) as error:
        reason = str(error) if isinstance(error, PolicyError) else "write KEY=NUMBER, or period=week"
        message = f"--try {text}: {reason}"
        raise ConfigError(message) from None
