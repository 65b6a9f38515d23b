"""The gate as Dagster assets: `verdict/<table>`, with one check a rule and one for the detectors.

It is handed the open vault and the roster's names, which are read anew and stay in memory. A rule that fails fails its
check and makes a verdict that refuses; it does not raise, for the other tables' sake. A table without a candidate
still yields its checks: nothing to judge is nothing to publish.
"""

import time
from collections.abc import Callable, Iterator, Sequence, Set
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING

import dagster as dg

from expectations.attacker.audit import RULE as AUDITED
from expectations.detectors import Identifiers
from expectations.gate import checks_of
from expectations.lineage import RULE, refused
from orchestration.audit import auditor, with_audit
from orchestration.lineage import breaks
from orchestration.policies import in_force
from orchestration.progress import listener, since
from orchestration.publish import repair
from orchestration.redact import redacted
from orchestration.roster_file import read_roster
from orchestration.vault import Vault, opened, told
from orchestration.writing import transaction

if TYPE_CHECKING:
    import duckdb

    from expectations.scope import Shared
    from expectations.verdict import Check, Finding, Judgement, Verdict
    from orchestration.settings import Settings


def verdict_key(table: str) -> dg.AssetKey:
    """The key of a table's verdict."""
    return dg.AssetKey(["verdict", table])


def gate_assets(settings: "Settings", tables: Sequence[str], met: Set[str]) -> dg.AssetsDefinition:
    """All verdicts as one step: Great Expectations is imported once."""

    @dg.multi_asset(
        name="gate",
        group_name="verdict",
        specs=[
            dg.AssetSpec(
                verdict_key(table),
                deps=[dg.AssetKey(["protected", table]), dg.AssetKey(["protected", "cells"])],
                description=f"Whether {table} may be published, proved from the ledger by other code than dbt's.",
            )
            for table in tables
        ],
        check_specs=[
            dg.AssetCheckSpec(name, asset=verdict_key(table), description=f"See docs/rules/{name}.md.")
            for table in tables
            for name in (*checks_of(table), RULE, AUDITED)
        ],
    )
    def gate() -> Iterator[dg.MaterializeResult[None]]:
        with redacted(), opened(settings) as vault, told(settings.vault_file):
            repair(vault.connection, settings.published)  # a crashed release is known by the verdicts that end here
            people = cache(lambda: Identifiers(read_roster(settings).identifiers(), seen=met))
            tonight = in_force(vault.connection, settings)
            found, auditing = breaks(settings), auditor(vault.connection, tonight.policy)
            shared: Shared = {}
            for table in tables:
                begun = time.monotonic()
                listener().step("gate", note=table)
                judgement = judged(tonight, vault, table, people, shared)
                judgement = refused(with_audit(judgement, auditing), found)
                _remember(vault.connection, judgement)
                yield dg.MaterializeResult(
                    asset_key=verdict_key(table),
                    metadata={
                        "periods": len(judgement.verdicts),
                        "passed": judgement.passed,
                        "seconds": since(begun),
                    },
                    check_results=[_result(table, check) for check in judgement.checks],
                )
            listener().end("gate", f"{len(tables)} tables judged")

    return gate


def judged(
    settings: "Settings", vault: Vault, table: str, people: "Callable[[], Identifiers]", shared: "Shared"
) -> "Judgement":
    """The judgement of one table by its rows; the roster is asked only where there is news."""
    from expectations import gate
    from expectations.measures import table_named
    from expectations.scope import Case
    from expectations.verdict import Check, Finding, Judgement

    connection = vault.connection
    if not _was_built(connection, table):
        unbuilt = (Finding("built", table, "", 1),)
        return Judgement(table, (), tuple(Check(name, passed=False, findings=unbuilt) for name in checks_of(table)))
    if _nothing_new(connection, table):
        return Judgement(table, (), tuple(Check(name, passed=True, findings=()) for name in checks_of(table)))
    known = () if people().has_strangers else _known(connection, table)
    case = Case(connection, table_named(table), settings.policy, shared=shared)
    return gate.judged(case, people(), known)


def _was_built(connection: "duckdb.DuckDBPyConnection", table: str) -> bool:
    rows = connection.execute(
        "select status = 'success' from vault.ops.builds where split_part(node, '.', 3) = ? and node like 'model.%'",
        [table],
    ).fetchall()
    return all(good for (good,) in rows)


def _nothing_new(connection: "duckdb.DuckDBPyConnection", table: str) -> bool:
    """Neither a period that is due nor a row that is not sealed; what cannot be asked is judged."""
    import duckdb

    sealed = "select period_start from vault.ops.sealed where table_name = $table"
    query = (
        f"select (select count(*) from vault.protected.{table} where period_start not in ({sealed}))"
        "+ (select count(*) from vault.intermediate.int_periods "
        f"where table_name = $table and period_start not in ({sealed}))"
    )
    try:
        row = connection.execute(query, {"table": table}).fetchone()
    except duckdb.Error:
        return False
    return row is not None and row[0] == 0


def _known(connection: "duckdb.DuckDBPyConnection", table: str) -> list["Verdict"]:
    from expectations.verdict import Verdict, findings_from_json

    rows = connection.execute(
        "select table_name, period_start, content, evidence, policy, rules, passed, findings "
        "from vault.ops.verdicts where table_name = ? and period_start is not null",
        [table],
    ).fetchall()
    names = ("table_name", "period_start", "content", "evidence", "policy", "rules", "passed")
    return [Verdict(**dict(zip(names, row, strict=False)), findings=findings_from_json(row[-1])) for row in rows]


def _remember(connection: "duckdb.DuckDBPyConnection", judgement: "Judgement") -> None:
    """Tonight's verdicts take the place of the last ones; a refusal without any period is kept too."""
    now = datetime.now(UTC).replace(tzinfo=None, microsecond=0)
    rows: list[list[object]] = [
        [
            one.table_name,
            one.period_start,
            one.content,
            one.evidence,
            one.policy,
            one.rules,
            one.passed,
            one.findings_json,
            now,
        ]
        for one in judgement.verdicts
    ]
    if not rows and not judgement.passed:
        findings = tuple(dict.fromkeys(finding for check in judgement.checks for finding in check.findings))
        rows = [[judgement.table_name, None, None, None, None, None, False, _json(findings), now]]
    with transaction(connection):
        connection.execute("delete from vault.ops.verdicts where table_name = ?", [judgement.table_name])
        if rows:
            connection.executemany("insert into vault.ops.verdicts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)


def _json(findings: "tuple[Finding, ...]") -> str:
    import json
    from dataclasses import asdict

    return json.dumps([asdict(finding) for finding in findings], sort_keys=True)


def _result(table: str, check: "Check") -> dg.AssetCheckResult:
    counts = {f"in {finding.column or 'the table'}": finding.count for finding in check.findings}
    return dg.AssetCheckResult(
        check_name=check.rule,
        asset_key=verdict_key(table),
        passed=check.passed,
        metadata={"violations": check.count, **counts},
    )
