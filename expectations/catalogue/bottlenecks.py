"""`team_bottlenecks`: which stage of its cycle holds a unit up, told from published values of `team_delivery`."""

from expectations.bottlenecks import NONE
from expectations.catalogue import stages
from expectations.catalogue.delivery import TABLE as DELIVERY
from expectations.kinds import Kind, Measure, Table
from expectations.meanings import DERIVED, PERSON, Meaning

SHARE = "_share_pct"
HOURS = "cycle_time_hours_p50"
SHARES = tuple(measure.column for measure in stages.STAGES if measure.evidence)
READS = (*SHARES, HOURS)
STAGES = (*(column.removesuffix(SHARE) for column in SHARES), NONE)
"""What the table may say of a unit."""
COUNTED = (
    "The share of a stage and the median cycle time in the last three periods, of which two show both, and in up to "
    "thirteen before, of which six do; rest rows like any other."
)
NOT_COUNTED = (
    "other_stages_share_pct, which is no stage; periods in which the stage is not told apart; anything that is "
    "not published."
)
LIMITS = (
    "Where nothing was slow it names a stage in 1 % of the periods; of teams with a slow stage it finds it in "
    "four of five (benchmarks/RESULTS.md). Where to look first, not what is wrong."
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
            "The stage whose hours in a typical change (its share of the median cycle time) were, in the mean of the "
            "last three periods, half as many again as in that of up to thirteen before, and its share three points "
            "higher; now and a period ago; of several the one whose share rose most; else none.",
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
