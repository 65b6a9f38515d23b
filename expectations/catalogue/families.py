"""What several tables declare alike: roles, and the percentiles of one duration."""

from expectations.kinds import Kind, Measure, Role
from expectations.meanings import Meaning, tail

AUTHOR = Role("author", "author_key")
REVIEWER = Role("reviewer", "reviewer_key")
ASSIGNEE = Role("assignee", "assignee_key")

TAILS = ((0.75, "three of four", 20), (0.9, "nine of ten", 50))
"""The quantile, its words, and how many events it needs (`policy.py` judges, the dictionary tells)."""


def percentiles(
    stem: str, evidence: str, roles: tuple[Role, ...], median: Meaning, question: str, formula: str
) -> tuple[Measure, ...]:
    """p50, p75 and p90 of hours. `question` has a place for {share}, `formula` for {percent}."""

    def measure(quantile: float, meaning: Meaning) -> Measure:
        name = f"{stem}_p{round(100 * quantile)}"
        return Measure(name, Kind.PERCENTILE, "DOUBLE", "hours", roles, evidence, quantile=quantile, meaning=meaning)

    return (
        measure(0.5, median),
        *(
            measure(
                quantile,
                tail(
                    median,
                    question=question.format(share=share),
                    formula=formula.format(percent=round(100 * quantile)),
                    events=events,
                ),
            )
            for quantile, share, events in TAILS
        ),
    )
