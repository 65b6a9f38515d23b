"""Runs the command line with one thing going wrong on purpose, in a process that may be killed.

`python -m tests.pipeline.driver SCENARIO nightly …`; each scenario replaces one function before the pipeline is
imported, and everything else is as shipped.
"""

import os
import resource
import signal
import sys
from collections.abc import Callable
from typing import Any

EMAIL = "planted.person@example.org"


def kill() -> None:
    """As if the machine went away."""
    os.kill(os.getpid(), signal.SIGKILL)


def killed_before_the_gate() -> None:
    from expectations import gate

    gate.judged = lambda *_, **__: kill()


def killed_before_publishing() -> None:
    from orchestration import publish

    publish.publish = lambda *_, **__: kill()


def killed_between_swap_and_seal() -> None:
    from orchestration import register

    register.seal = lambda *_, **__: kill()


def before_judging(spoil: Callable[..., None]) -> None:
    """Spoil tonight's candidates in the vault, once, before the gate looks."""
    from expectations import gate

    judged = gate.judged
    done: list[bool] = []

    def spoilt(case: Any, *rest: object) -> object:
        if not done:
            done.append(True)
            spoil(case.connection)
        return judged(case, *rest)

    gate.judged = spoilt


UNSEALED = "period_start not in (select period_start from vault.ops.sealed where table_name = 'team_delivery')"


def planted_email() -> None:
    before_judging(
        lambda connection: connection.execute(
            f"update vault.protected.team_delivery set size_band = '{EMAIL}' where {UNSEALED} and unit_level = 'org'"
        )
    )


def protect_forgotten() -> None:
    """The twin holds what the mart holds: every team, exact."""
    before_judging(
        lambda connection: connection.execute(
            "update vault.protected.team_delivery as twin set status = 'published', changes_merged = exact.n from ("
            "select period_start, team_id, count(*) as n from vault.marts.mart_delivery group by all) as exact "
            f"where twin.period_start = exact.period_start and twin.unit_id = exact.team_id and twin.{UNSEALED}"
        )
    )


FULL = 2**14  # bytes that a file may hold


def full_disk_in_published() -> None:
    """The disk of the releases is full, that of the vault is not."""
    from orchestration import publish

    write = publish._written

    def crammed(*given: object, **named: object) -> object:
        _, most = resource.getrlimit(resource.RLIMIT_FSIZE)
        resource.setrlimit(resource.RLIMIT_FSIZE, (FULL, most))
        try:
            return write(*given, **named)
        finally:
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

    publish._written = crammed


SCENARIOS = {
    scenario.__name__: scenario
    for scenario in (
        killed_before_the_gate,
        killed_before_publishing,
        killed_between_swap_and_seal,
        full_disk_in_published,
        planted_email,
        protect_forgotten,
    )
}


if __name__ == "__main__":
    SCENARIOS[sys.argv.pop(1)]()
    from orchestration.cli import main

    main()
