"""What the metric dictionary says of a measure, and the sentences that several measures share.

The words themselves stand with each measure, in `catalogue/`.
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Meaning:
    """One measure in plain words; each field is a column of `metric_dictionary`."""

    question: str
    formula: str
    counted: str
    not_counted: str
    limits: str
    source: str
    protection: str
    not_for: str


COUNTED = (
    "Each person's share is clipped at a public constant, the sum rounded half-even to the year's base (10 at "
    "least; 5 where periods are weeks); groups and the organisation are sums of rounded rows; withheld where no quorum "
    "stands behind it."
)
PERCENTILE = (
    "Median without interpolation, snapped to a ladder of ratio 1.25; withheld below 10 events, below the quorum of "
    "people in any role, or when one person has over half of the events."
)
TAIL = (
    "Nearest rank without interpolation, snapped to a ladder of ratio 1.25; withheld below {events} events, below the "
    "quorum of people or below three in the tail in any role, or when one person has over half of the events."
)
RATE = (
    "In steps of 5 points from 5 (at most 5 %) to 95 (at least 95 %); withheld below 20 events, or when too few people "
    "or one dominant person stand behind either side, in any role."
)
SHARE = (
    "Clipped time of each person, in steps of 5 points that add to 100; a stage in which too few people or one "
    "dominant person stand, in any role, is counted in `other_stages_share_pct`; all or none are told, from 20 events."
)
SPREAD = (
    "A band of the Gini coefficient (under 0.3, under 0.5, above) of each person's clipped number; withheld below "
    "twice the quorum of contributors."
)
TREND = "Worked out from the published numbers of the same row; withheld with them."
DERIVED = (
    "None of its own: worked out of published values alone, so that any reader can work it out and nothing new is "
    "told; published only where what it rests on is, and NULL where that shows too little."
)
PERSON = "Anything about a person: comparing, ranking or rewarding people. A number here belongs to a team as a whole."


def tail(median: Meaning, question: str, formula: str, events: int) -> Meaning:
    """The words of a p75 or p90: those of its median, but for what it asks and how many events it needs."""
    return replace(
        median,
        question=question,
        formula=formula,
        limits=f"{median.limits} Where few events stand behind it, it is withheld though the median is there.",
        protection=TAIL.format(events=events),
    )
