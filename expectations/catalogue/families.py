"""What several tables declare alike: roles, counts and sums, rates, and the percentiles of one duration."""

from expectations.kinds import Kind, Measure, Role
from expectations.meanings import Meaning, tail

AUTHOR = Role("author", "author_key")
REVIEWER = Role("reviewer", "reviewer_key")
MERGER = Role("merger", "merger_key")
ASKER = Role("asker", "asker_key")
REVERTED = Role("reverted", "reverted_key")
ASSIGNEE = Role("assignee", "assignee_key")
DEPLOYER = Role("deployer", "deployer_key")
MENDER = Role("mender", "mender_key")
RESPONDER = Role("responder", "responder_key")
HOLDER = Role("holder", "holder_key")

TAILS = ((0.75, "three of four"), (0.9, "nine of ten"))
"""The quantile and its words."""


def amount(kind: Kind, name: str, unit: str, role: Role, meaning: Meaning) -> Measure:
    """A count or sum, called as its quantity in the ledger."""
    return Measure(name, kind, "BIGINT", unit, (role,), name, meaning=meaning)


def rate(name: str, evidence: str, roles: tuple[Role, ...], meaning: Meaning) -> Measure:
    """A share of the events that count: those with the flag `evidence` of the mart."""
    return Measure(name, Kind.RATE, "SMALLINT", "percent", roles, evidence, meaning=meaning)


def percentile(stem: str, quantile: float, evidence: str, roles: tuple[Role, ...], meaning: Meaning) -> Measure:
    """One percentile, from the column `evidence` of the mart; its unit is the last word of the stem."""
    name, unit = f"{stem}_p{round(100 * quantile)}", stem.rpartition("_")[2]
    return Measure(name, Kind.PERCENTILE, "DOUBLE", unit, roles, evidence, quantile=quantile, meaning=meaning)


def percentiles(
    stem: str, evidence: str, roles: tuple[Role, ...], median: Meaning, question: str, formula: str
) -> tuple[Measure, ...]:
    """p50, p75 and p90. `question` has a place for {share}, `formula` for {percent}."""
    tails = (
        (quantile, tail(median, question.format(share=share), formula.format(percent=round(100 * quantile))))
        for quantile, share in TAILS
    )
    return tuple(percentile(stem, quantile, evidence, roles, words) for quantile, words in ((0.5, median), *tails))
