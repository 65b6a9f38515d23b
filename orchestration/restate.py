"""Publish a released period once more, from what is known of it now, in the atoms that it was released in.

It is built in a scratch copy of the vault (orchestration/rebuild.py). The vault's own ledger stays as it was at the
first release: activity and clips of later periods rest on it. What is restated is kept beside it.

It is refused when an atom is no longer safe, and when the difference from any version that was ever released, taken
back or not, would show the work of too few (orchestration/difference.py). Then what is left is to retract it.

Rows of derived tables that rest on it are taken back first, in releases of their own: they speak of what readers do not
see any more. Each can be restated then, from what is shown now; nobody's work is behind them but what is published.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from orchestration.chain import PUBLISH, RESTATE, Key
from orchestration.clearance import VAULT, Standard, content, objections
from orchestration.difference import Version, unsafe
from orchestration.pause import paused
from orchestration.policies import of_period
from orchestration.publish import Order, Publication, Release, issue, repair
from orchestration.rebuild import rebuilt, scratch_of
from orchestration.register import RELEASES, entries
from orchestration.release import ReleaseError
from orchestration.release_tables import Change
from orchestration.retract import released, resting, withdraw
from orchestration.vault import attach, locked, opened
from orchestration.versions import remember, superseded

if TYPE_CHECKING:
    import duckdb

    from expectations.measures import Table
    from expectations.policy import Policy
    from expectations.verdict import Verdict
    from orchestration.settings import Settings

SCRATCH = "scratch"
NOTHING = "Nothing was changed"


def restate(settings: Settings, key: Key, reason: str, identifiers: frozenset[str]) -> Release:
    """Release a period anew; `identifiers` are the roster's, which the gate looks for."""
    with locked(settings):
        with opened(settings) as vault:
            keys = vault.keys
            chosen, cells = _asked(vault.connection, settings, key, reason)
        with scratch_of(settings, chosen) as scratch:
            verdict = rebuilt(scratch, keys, key, cells, identifiers)
            with opened(settings) as vault:
                from orchestration.releasing import publication
                from orchestration.transform import tables_of

                attach(vault.connection, scratch.vault_file, keys, SCRATCH)
                made = replace(publication(settings, vault, tables_of(settings)), standard=_standard(verdict))
                return reissue(vault.connection, made, (key, verdict, scratch.policy), reason)


def reissue(
    connection: duckdb.DuckDBPyConnection, publication: Publication, case: tuple[Key, Verdict, Policy], reason: str
) -> Release:
    """Release what stands in `scratch` for a period, if its verdict and all earlier versions allow it."""
    from expectations.measures import table_named

    key, verdict, policy = case
    last = repair(connection, publication.published)
    told = released(connection, key, RESTATE, reason)
    (period,) = content(connection, f"{SCRATCH}.protected", key[0], [key[1]])
    if period.digest == told.digest:
        message = f"{key[0]} of {key[1]}: it would be released as it is. {NOTHING}"
        raise ReleaseError(message)
    table = table_named(key[0])
    _hold_against(connection, table, key, policy)
    _note(connection, verdict)
    for objection in objections(connection, period, publication.standard):
        message = f"{key[0]} of {key[1]}: {objection}. {NOTHING}"
        raise ReleaseError(message)
    gone = resting(connection, key)
    last = withdraw(connection, publication, last, (gone, reason, False))
    order = Order(
        Change((period,), f"{SCRATCH}.protected"),
        told.policy,
        RESTATE,
        reason,
        also=lambda release_id: remember(connection, table, key, SCRATCH, release_id),
    )
    try:
        return issue(connection, publication, last, order)
    except ReleaseError as error:
        if not gone:
            raise
        what = ", ".join(f"{name} of {start}" for name, start in gone)
        message = f"what rests on {key[0]} of {key[1]} is withdrawn ({what}), but it was not restated itself: {error}"
        raise ReleaseError(message) from None


def _hold_against(connection: duckdb.DuckDBPyConnection, table: Table, key: Key, policy: Policy) -> None:
    """Every version that readers may have kept; behind a derived table stands nobody whom a difference could show."""
    if table.is_derived:
        return
    new = Version(f"{SCRATCH}.intermediate.int_ledger", f"{SCRATCH}.marts.{table.mart}")
    atoms = f"(select team_id, unit_id from {VAULT}.cells where table_name = '{key[0]}' and period_start = '{key[1]}')"
    for old in superseded(connection, table, key):
        found = unsafe(connection, (table, key[1], policy), old, new, atoms)
        if found:
            what = ", ".join(f"{one.what} ({one.atoms})" for one in found)
            message = (
                f"{key[0]} of {key[1]}: the difference from what was released would show the work of too few, by "
                f"quantity and number of rows: {what}. It can only be retracted (`quorum retract`). {NOTHING}"
            )
            raise ReleaseError(message)


def _asked(
    connection: duckdb.DuckDBPyConnection, settings: Settings, key: Key, reason: str
) -> tuple[Settings, Sequence[tuple[str, str]]]:
    """The settings with the policy that the period was released under, and its atoms, as (team, unit)."""
    pause = paused(settings.home)
    if pause is not None:
        message = f"{pause}. {NOTHING}"
        raise ReleaseError(message)
    repair(connection, settings.published)
    told = released(connection, key, RESTATE, reason)
    chosen = of_period(connection, settings, key[1])
    if chosen.policy.fingerprint != told.policy:
        message = f"{key[0]} of {key[1]} was released under a policy that this version does not know. {NOTHING}"
        raise ReleaseError(message)
    first = {k: digest for one in entries(connection, RELEASES) if one.action == PUBLISH for k, digest in one.periods}
    if [one.digest for one in content(connection, VAULT, key[0], [key[1]])] != [first[key]]:
        message = f"{key[0]} of {key[1]}: the vault's rows are not those that were released. {NOTHING}"
        raise ReleaseError(message)
    rows = connection.execute(
        f"select team_id, unit_id from {VAULT}.cells where table_name = ? and period_start = ?", [*key]
    ).fetchall()
    return chosen, rows


def _standard(verdict: Verdict) -> Standard:
    """The evidence lies in the scratch copy, which nobody else sees: what is compared is all the rest."""
    from expectations.fingerprints import rules_digest

    return Standard(verdict.policy, rules_digest())


def _note(connection: duckdb.DuckDBPyConnection, verdict: Verdict) -> None:
    """The verdict, where the publisher looks for it."""
    connection.execute(
        "delete from vault.ops.verdicts where table_name = ? and period_start = ?",
        [verdict.table_name, verdict.period_start],
    )
    connection.execute(
        "insert into vault.ops.verdicts select ?, ?, ?, ?, ?, ?, ?, ?, as_of from vault.ops.clock",
        [
            verdict.table_name,
            verdict.period_start,
            verdict.content,
            verdict.evidence,
            verdict.policy,
            verdict.rules,
            verdict.passed,
            verdict.findings_json,
        ],
    )
