"""What the gate answers: findings that can hold no value, and verdicts that name exact content.

A finding is a rule, a table, a column and a count. There is no field for a value, and the column is one that the
registry or the rules name, so that a planted column's name cannot travel in a finding either.
"""

import json
from dataclasses import asdict, dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Finding:
    """So many violations of one rule in one column of one table; zero is said too."""

    rule: str
    table: str
    column: str
    count: int


@dataclass(frozen=True, slots=True)
class Check:
    """One rule's answer for one table, as a check in the UI shows it."""

    rule: str
    passed: bool
    findings: tuple[Finding, ...]

    @property
    def count(self) -> int:
        """Violations in all columns together."""
        return sum(finding.count for finding in self.findings)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether one period of one table may be published, bound to content, evidence, policy and rules by digest."""

    table_name: str
    period_start: date
    content: str
    evidence: str
    policy: str
    rules: str
    passed: bool
    findings: tuple[Finding, ...]

    def same_case(self, other: "Verdict") -> bool:
        """Whether both speak of the same content, judged on the same evidence by the same policy and rules."""
        names = ("table_name", "period_start", "content", "evidence", "policy", "rules")
        return all(getattr(self, name) == getattr(other, name) for name in names)

    @property
    def findings_json(self) -> str:
        """The findings as the vault's `ops.verdicts` keeps them."""
        return json.dumps([asdict(finding) for finding in self.findings], sort_keys=True)


def findings_from_json(text: str) -> tuple[Finding, ...]:
    """The findings of a stored verdict."""
    return tuple(Finding(row["rule"], row["table"], row["column"], row["count"]) for row in json.loads(text))


@dataclass(frozen=True, slots=True)
class Judgement:
    """All that the gate says of one table in one night: one verdict a period, one check a rule."""

    table_name: str
    verdicts: tuple[Verdict, ...]
    checks: tuple[Check, ...]

    @property
    def passed(self) -> bool:
        """A rule violated in one period blocks the whole table tonight."""
        return all(check.passed for check in self.checks)
