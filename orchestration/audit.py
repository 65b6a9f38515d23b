"""The auditor over all that was ever published: a job of its own, and `quorum audit`.

What readers hold is the first version of every period, which the vault keeps, and the one they see now; a restated
period has a ledger of its own. Candidates of tonight are audited by the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from functools import cache
from typing import TYPE_CHECKING, TypeAlias

import dagster as dg

from orchestration.errors import NightError
from orchestration.redact import band, redacted
from orchestration.register import LAST, attached
from orchestration.release import Shelf
from orchestration.vault import opened

if TYPE_CHECKING:
    import duckdb

    from expectations.attacker.knowledge import Version
    from expectations.policy import Policy
    from expectations.verdict import Finding, Judgement
    from orchestration.settings import Settings

Auditor: TypeAlias = Callable[[frozenset[date]], "list[Finding]"]

JOB = "monthly_audit"
AUDIT = dg.AssetKey("audit")
MONTHLY = "0 5 1 * *"


def audit_asset(settings: Settings) -> dg.AssetsDefinition:
    """The asset `audit`: how many findings of each kind, over time, in its metadata: in bands, as they count people."""

    @dg.asset(key=AUDIT, group_name="audit")
    def audit() -> dg.MaterializeResult[None]:
        """Linear programs bound every contributor by all that was ever published."""
        with redacted():
            found = audited(settings)
        if objections := violations(found):
            raise NightError(told(objections))
        kinds = {one.rule: band(sum(other.count for other in found if other.rule == one.rule)) for one in found}
        return dg.MaterializeResult(metadata={"columns": len({(one.table, one.column) for one in found}), **kinds})

    return audit


def audited(settings: Settings) -> list[Finding]:
    """The findings of every published column; zero is told too."""
    from expectations.attacker.audit import audit

    with opened(settings) as vault, attached(vault.connection, Shelf(settings.published).current()):
        return audit(vault.connection, settings.policy, versions=versions(vault.connection))


def versions(connection: duckdb.DuckDBPyConnection) -> Sequence[Version]:
    """The first version of each period, and the one that readers see now."""
    from expectations.attacker.knowledge import Version

    seen = connection.execute("select 1 from duckdb_databases() where database_name = ?", [LAST.split(".")[0]])
    if seen.fetchone() is None:
        return [Version()]
    known = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'vault' and schema_name = 'restated' "
        "and table_name = 'int_ledger'"
    ).fetchone()
    return [Version(), Version(LAST, NEWEST) if known else Version(LAST)]


def auditor(connection: duckdb.DuckDBPyConnection, policy: Policy) -> Auditor:
    """What must not be in these periods, over all bases together: worked out once for tables that wait for the same."""
    from expectations.attacker.audit import audit

    @cache
    def audited(periods: frozenset[date]) -> list[Finding]:
        return violations(audit(connection, policy, periods))

    return audited


def with_audit(judgement: Judgement, ask: Auditor) -> Judgement:
    """A table's judgement with the auditor's, over the periods that it is about: one check more, and its findings.

    What the auditor cannot even read has not passed; the error is dropped, as it could hold a value. Of a derived table
    it asks nothing: the numbers that it rests on are audited where they stand.
    """
    from expectations.attacker.audit import RULE
    from expectations.measures import table_named
    from expectations.scope import UNREADABLE
    from expectations.verdict import Check, Finding

    table, periods = judgement.table_name, frozenset(one.period_start for one in judgement.verdicts)
    try:
        silent = not periods or table_named(table).is_derived
        found = [] if silent else [one for one in ask(periods) if one.table == table]
    except UNREADABLE:
        found = [Finding(f"{RULE}.unexplained", table, "", 1)]
    check = Check(RULE, passed=not found, findings=tuple(found))
    verdicts = tuple(
        replace(one, passed=one.passed and check.passed, findings=tuple(dict.fromkeys((*one.findings, *found))))
        for one in judgement.verdicts
    )
    return replace(judgement, verdicts=verdicts, checks=(*judgement.checks, check))


def violations(found: Sequence[Finding]) -> list[Finding]:
    """What must not be."""
    from expectations.attacker.audit import admitted

    return [one for one in found if one.count and not admitted(one)]


def told(found: Sequence[Finding]) -> str:
    """Findings, a line each."""
    return "\n".join(f"{one.table}, {one.column}: {one.rule}: {one.count}" for one in found)


NEWEST = """(
    select * exclude (release_id) from vault.restated.int_ledger
    qualify dense_rank() over (
        partition by table_name, period_start
        order by left(release_id, 10) desc, split_part(release_id, '-', 4)::int desc
    ) = 1
    union all by name
    select * from vault.intermediate.int_ledger anti join vault.restated.int_ledger using (table_name, period_start)
)"""
