"""`team_bottlenecks`: which stage of its cycle holds a unit up, told from the published shares of `team_delivery`."""

from expectations.bottlenecks import NONE
from expectations.catalogue import stages
from expectations.catalogue.delivery import TABLE as DELIVERY
from expectations.kinds import Kind, Measure, Table
from expectations.meanings import DERIVED, PERSON, Meaning

SHARE = "_share_pct"
READS = tuple(measure.column for measure in stages.STAGES if measure.evidence)
STAGES = (*(column.removesuffix(SHARE) for column in READS), NONE)
"""What the table may say of a unit."""
COUNTED = (
    "The shares of a stage in the last three periods, of which two show it, and in up to thirteen before, of which "
    "six do; rest rows like any other."
)
NOT_COUNTED = (
    "other_stages_share_pct, which is no stage; periods in which the stage is not told apart; anything that is "
    "not published."
)
LIMITS = (
    "Where nothing was slow it names a stage in 5 % of the periods; a stage that is slow and shown it finds in four of "
    "five teams (benchmarks/RESULTS.md). Where to look first, not what is wrong."
)


def _told(column: str, kind: Kind, unit: str, question: str, formula: str) -> Measure:
    meaning = Meaning(
        question=question,
        formula=formula,
        definition="Quorum's own: vendors show the largest stage.",
        counted=COUNTED,
        not_counted=NOT_COUNTED,
        limits=LIMITS,
        source="The published table team_delivery.",
        protection=DERIVED,
        not_for=PERSON,
    )
    dtype = "VARCHAR" if kind is Kind.STAGE else "SMALLINT"
    return Measure(column, kind, dtype, unit, (), "", meaning=meaning)


TABLE = Table(
    name="team_bottlenecks",
    mart="",
    source=DELIVERY.name,
    reads=READS,
    measures=(
        _told(
            "bottleneck",
            Kind.STAGE,
            "stage",
            "Which stage of the cycle holds this unit up?",
            "The stage whose mean share in the last three periods lies at least 4 points and 1.8 standard errors above "
            "that of up to thirteen periods before, now and a period ago; of several the largest times clearest; else "
            "none.",
        ),
        _told(
            "bottleneck_share_pct",
            Kind.DERIVED,
            "percent",
            "Which share of the cycle time does the stage that holds this unit up take of late?",
            "Mean of its published shares in the last three periods, to the point.",
        ),
        _told(
            "usual_share_pct",
            Kind.DERIVED,
            "percent",
            "Which share of the cycle time does that stage usually take in this unit?",
            "Mean of its published shares in up to thirteen periods before the last three, to the point.",
        ),
    ),
)
