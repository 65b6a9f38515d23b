"""What the metric dictionary says of a measure, and the sentences that several measures share.

The words themselves stand with each measure, in `catalogue/`. A threshold of the policy stands in them by its name,
as `{k}`, and is filled in when the dictionary is written (`measures.py`).
"""

from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Meaning:
    """One measure in plain words; each field is a column of `metric_dictionary`."""

    question: str
    formula: str
    definition: str
    counted: str
    not_counted: str
    limits: str
    source: str
    protection: str
    not_for: str


OWN = "Quorum's own: it follows no other tool."
COUNTED = (
    "Each person's share is clipped at a public constant, the sum rounded half-even to the year's base ({base} at "
    "least); groups and the organisation are sums of rounded rows; withheld where no quorum stands behind it: {k} "
    "people, none of them with over {dominance} %."
)
PERCENTILE = (
    "Median without interpolation, snapped to a ladder of ratio 1.25; withheld below {events} events, below {k} people "
    "or {percentile_side} on each side of it in any role, or when one person has over half of the events."
)
TAIL = (
    "Nearest rank without interpolation, snapped to a ladder of ratio 1.25; withheld below {events} events, below {k} "
    "people or {percentile_side} in the tail in any role, or when one person has over half of the events."
)
RATE = (
    "In steps of {rate_step} points from {rate_step} (at most {rate_step} %) to {most} (at least {most} %); withheld "
    "below {rate_events} events, or when fewer than {rate_side} people, or one with over {dominance} %, stand behind "
    "either side, in any role."
)
SHARE = (
    "Clipped time of each person, in steps of 5 points that add to 100; where fewer than {k} people, or one with over "
    "{dominance} %, stand behind a share, in any role, it is counted in `{other}`; all or none are told, from "
    "{rate_events} events."
)
SPREAD = (
    "A band of the Gini coefficient (under 0.3, under 0.5, above) of each person's clipped number; withheld below "
    "{twice_k} contributors."
)
TREND = "Worked out from the published numbers of the same row; withheld with them."
DERIVED = (
    "None of its own: worked out of published values alone, so that any reader can work it out and nothing new is "
    "told; published only where what it rests on is, and NULL where that shows too little."
)
PERSON = "Anything about a person: comparing, ranking or rewarding people. A number here belongs to a team as a whole."


def tail(median: Meaning, question: str, formula: str) -> Meaning:
    """The words of a p75 or p90: those of its median, but for what it asks and how it is protected."""
    return replace(
        median,
        question=question,
        formula=formula,
        limits=f"{median.limits} Where few events stand behind it, it is withheld though the median is there.",
        protection=TAIL,
    )
