"""The gate's verb: judge a table, and answer with one verdict a period and one check a rule.

`judge` is the whole gate. `examine` is its first half, without Great Expectations: the findings. A verdict that stood
for the same content, evidence, policy and rules stands again, and nothing is judged anew. A rule violated in one
period blocks the whole table tonight.
"""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

import duckdb

from expectations import suites, tree
from expectations.audit import evidence
from expectations.constants import constants
from expectations.derived import derived
from expectations.detectors import Identifiers
from expectations.fingerprints import fingerprints
from expectations.identities import identities
from expectations.measures import table_named
from expectations.policy import Policy
from expectations.rules import RULES, rules_of
from expectations.rules.rule import Rule
from expectations.scope import Case, build, candidates, clear, facts
from expectations.text import NAME as DETECTORS_NAME
from expectations.text import detect
from expectations.values import expected
from expectations.verdict import Check, Finding, Judgement, Verdict

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CHECKS = (*(rule.name for rule in RULES), DETECTORS_NAME)


def checks_of(table: str) -> tuple[str, ...]:
    """The checks of a table: the rules that judge it, and the detectors."""
    return (*(rule.name for rule in rules_of(table_named(table))), DETECTORS_NAME)


def judge(
    connection: "DuckDBPyConnection",
    table: str,
    policy: Policy,
    identifiers: "Identifiers | Iterable[str]",
    periods: Iterable[date] | None = None,
    known: Iterable[Verdict] = (),
) -> Judgement:
    """Whether these periods of a table (all that are not sealed, if none are named) may be published.

    `known` are earlier verdicts: when every period still stands by one that passed, they are given back as they are.
    """
    return judged(_case(connection, table, policy, periods), _people(identifiers), known)


def judged(case: Case, people: Identifiers, known: Iterable[Verdict] = ()) -> Judgement:
    """The judgement of a case."""
    table, names = case.table.name, checks_of(case.table.name)
    cases = fingerprints(case, people)
    if cases and all(any(old.passed and old.same_case(new) for old in known) for new in cases):
        checks = tuple(Check(name, passed=True, findings=()) for name in names)
        return Judgement(table, tuple(_sentence(new, True, ()) for new in cases), checks)
    found = _examined(case, people)
    answers = suites.assess(found, names)
    checks = tuple(_check(name, answers.get(name, False), found) for name in names)
    passed = all(check.passed for check in checks)
    violations = tuple(finding for finding in found if finding.count)
    return Judgement(table, tuple(_sentence(new, passed, violations) for new in cases), checks)


def examine(
    connection: "DuckDBPyConnection",
    table: str,
    policy: Policy,
    identifiers: "Identifiers | Iterable[str]",
    periods: Iterable[date] | None = None,
) -> list[Finding]:
    """Every rule's findings: at least one row a rule, with count zero where nothing is violated."""
    return _examined(_case(connection, table, policy, periods), _people(identifiers))


def _examined(case: Case, people: Identifiers) -> list[Finding]:
    findings = proofs(case) + detect(case, people)
    clear(case)
    return findings


def proofs(case: Case) -> list[Finding]:
    """The rules' findings, without the detectors; what the rules read stays in the temporary tables `gate_…`."""
    clear(case)
    build(case, facts(case))
    build(case, candidates(case))
    if case.table.is_derived:
        build(case, [("gate_members", tree.MEMBERS)])
        derived(case)
    else:
        _weigh(case)
    asked = set(checks_of(case.table.name))
    return [finding for rule in RULES if rule.name in asked for finding in _apply(case, rule)]


def _weigh(case: Case) -> None:
    """Who stands behind the rows, and what each of their cells has to be."""
    if case.policy.is_numeric:
        constants(case)
    build(case, evidence(case))
    build(case, expected(case))
    if case.policy.is_numeric:
        identities(case)


def _apply(case: Case, rule: Rule) -> list[Finding]:
    """The rule's violations by column; a query that cannot run is one violation, and its error is dropped."""
    counts: dict[str, int] = {}
    for query in rule.violations:
        try:
            rows = case.connection.execute(f"select column_name, count(*) from ({query}) group by 1").fetchall()
        except duckdb.Error:
            rows = [("", 1)]
        for column, count in rows:
            counts[column or ""] = counts.get(column or "", 0) + int(count)
    found = [Finding(rule.name, case.table.name, column, count) for column, count in sorted(counts.items())]
    return found or [Finding(rule.name, case.table.name, "", 0)]


def _people(identifiers: "Identifiers | Iterable[str]") -> Identifiers:
    return identifiers if isinstance(identifiers, Identifiers) else Identifiers(identifiers)


def _case(connection: "DuckDBPyConnection", table: str, policy: Policy, periods: Iterable[date] | None) -> Case:
    return Case(connection, table_named(table), policy, None if periods is None else tuple(sorted(set(periods))))


def _check(name: str, passed: bool, findings: Sequence[Finding]) -> Check:
    mine = tuple(finding for finding in findings if finding.count and suites.family(finding.rule) == name)
    return Check(name, passed=passed and not mine, findings=mine)


def _sentence(case: Verdict, passed: bool, findings: tuple[Finding, ...]) -> Verdict:
    return Verdict(
        case.table_name,
        case.period_start,
        case.content,
        case.evidence,
        case.policy,
        case.rules,
        passed,
        findings,
    )
