"""Which candidates may leave the vault: those whose newest verdict passed, for exactly what stands there now.

The verdict must name the content as it is recomputed here, and the policy, the rules and the evidence of tonight. One
period that has no such verdict keeps its whole table back for the night. A period has one tree and one policy, in all
tables and for good: what does not fit the register, or the policy that its block began under, stays back by itself.
A derived table waits for what it rests on: all of that has to be released, or to be cleared tonight.
There is no flag to skip it. A refusal tells a class and a number of periods.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expectations.content import contents
from orchestration import chain
from orchestration.clock import block_of
from orchestration.policies import begun_under
from orchestration.register import RELEASES, entries
from orchestration.trees import in_vault

if TYPE_CHECKING:
    import duckdb

VAULT = "vault.protected"
REFUSED = "refused by the gate"


@dataclass(frozen=True, slots=True)
class Standard:
    """What a verdict is held against."""

    policy: str
    rules: str
    evidence: Callable[[duckdb.DuckDBPyConnection, str, date], str] | None = None


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """One table's period, with the digest of its content."""

    table_name: str
    period_start: date
    digest: str


@dataclass(frozen=True, slots=True, order=True)
class Refusal:
    """Why a table stays back, and for how many of its periods: a class, never a value."""

    table_name: str
    reason: str
    periods: int


def cleared(
    connection: duckdb.DuckDBPyConnection, tables: tuple[str, ...], standard: Standard
) -> tuple[list[Period], list[Refusal]]:
    """What may be released tonight, and what may not."""
    register = Register.read(connection)
    periods: list[Period] = []
    refusals: list[Refusal] = []
    for table in sorted(tables, key=_is_derived):
        candidates = content(connection, VAULT, table, _candidates(connection, table))
        apart = {one: reason for one in candidates if (reason := register.objection(one.period_start, standard.policy))}
        fitting = [one for one in candidates if one not in apart]
        reasons = Counter(reason for one in fitting for reason in objections(connection, one, standard))
        if not reasons:
            reasons = Counter(_waiting(connection, table, fitting, periods))
        if candidates and _refused_whole(connection, table):
            reasons = Counter({REFUSED: len(candidates)})
        refusals += [
            Refusal(table, reason, count) for reason, count in sorted((reasons + Counter(apart.values())).items())
        ]
        if not reasons:
            periods += fitting
    return periods, refusals


def _is_derived(table: str) -> bool:
    from expectations.measures import table_named

    return table_named(table).is_derived


def _waiting(
    connection: duckdb.DuckDBPyConnection, table: str, fitting: Collection[Period], cleared: Collection[Period]
) -> Iterator[str]:
    """For each period of a derived table that rests on something which stays back: which table does."""
    from expectations.measures import table_named
    from expectations.shown import windows

    source = table_named(table).source
    if source and fitting:
        coming = {(one.period_start, one.digest) for one in cleared if one.table_name == source}
        for start, window in windows(connection, source, [one.period_start for one in fitting]).items():
            is_there = any(one.start == start for one in window)
            if not is_there or any(not one.is_released and (one.start, one.digest) not in coming for one in window):
                yield f"{source} stays back"


@dataclass(frozen=True, slots=True)
class Register:
    """What stands fast for a period: the tree and the policy of what was released of it, and its block's policy."""

    trees: Mapping[date, str]
    frozen: Mapping[date, str]  # the trees as the vault has them now
    policies: Mapping[date, str]
    begun: Mapping[date, str]  # the policy that each block began under

    @classmethod
    def read(cls, connection: duckdb.DuckDBPyConnection) -> Register:
        """The register as it stands in the vault."""
        known = entries(connection, RELEASES)
        starts = {start for (start,) in connection.execute("select period_start from vault.ops.calendar").fetchall()}
        return cls(chain.trees(known), in_vault(connection, starts), chain.policies(known), begun_under(connection))

    def objection(self, start: date, policy: str) -> str:
        """Why a period may not be released beside what was released; empty when nothing speaks against it."""
        if start in self.trees and self.frozen.get(start) != self.trees[start]:
            return "released before under another tree"
        if self.policies.get(start, policy) != policy:
            return "released before under another policy"
        return "" if self.begun.get(block_of(start).period_start) == policy else "its block began under another policy"


def content(connection: duckdb.DuckDBPyConnection, schema: str, table: str, periods: Collection[date]) -> list[Period]:
    """Periods of a table with the digests of what stands in a schema now, in the vault or in a release."""
    if not periods:
        return []
    found = contents(connection, f"{schema}.{table}", f"{schema}.cells", table, periods)
    return [Period(table, start, digest) for start, digest in sorted(found.items())]


def exists(connection: duckdb.DuckDBPyConnection, schema: str, table: str) -> bool:
    """Whether a table stands in a schema, given as `catalog.schema`."""
    found = connection.execute(
        "select 1 from information_schema.tables where table_catalog || '.' || table_schema = ? and table_name = ?",
        [schema, table],
    ).fetchone()
    return found is not None


def _candidates(connection: duckdb.DuckDBPyConnection, table: str) -> list[date]:
    if not exists(connection, VAULT, table):
        return []
    rows = connection.execute(
        f"select distinct period_start from {VAULT}.{table} where period_start not in "
        "(select period_start from vault.ops.sealed where table_name = $table) and period_start > coalesce("
        "(select max(period_start) from vault.ops.sealed where table_name = $table), '0001-01-01') order by 1",
        {"table": table},
    ).fetchall()
    return [row[0] for row in rows]


def _refused_whole(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether the gate refused the table without naming a period: it could not even read it."""
    found = connection.execute(
        "select 1 from vault.ops.verdicts where table_name = ? and period_start is null and passed is not true", [table]
    ).fetchone()
    return found is not None


def objections(connection: duckdb.DuckDBPyConnection, period: Period, standard: Standard) -> Iterator[str]:
    """The first that applies, if any."""
    verdict = connection.execute(
        "select passed, content, policy, rules, evidence from vault.ops.verdicts "
        "where table_name = ? and period_start = ? order by judged_at desc, rowid desc limit 1",
        [period.table_name, period.period_start],
    ).fetchone()
    if verdict is None:
        yield "no verdict"
        return
    passed, content, policy, rules, evidence = verdict
    if passed is not True:
        yield REFUSED
    elif content != period.digest:
        yield "changed after the verdict"
    elif policy != standard.policy:
        yield "judged by another policy"
    elif rules != standard.rules:
        yield "judged by other rules"
    elif standard.evidence and evidence != standard.evidence(connection, period.table_name, period.period_start):
        yield "evidence changed after the verdict"
