"""`team_delivery`: human changes merged into their base, by their author and the period of the merge."""

from expectations.catalogue.families import AUTHOR, REVIEWER, amount, percentile, percentiles, rate
from expectations.kinds import Identity, Kind, Measure, Role, Table
from expectations.meanings import COUNTED, PERCENTILE, PERSON, RATE, SHARE, Meaning


def _stage(name: str, roles: tuple[Role, ...], words: str, formula: str, evidence: str | None = None) -> Measure:
    quantity = f"{name}_seconds" if evidence is None else evidence
    meaning = Meaning(
        question=f"Which share of the time from first commit to merge goes into {words}?",
        formula=f"100 x time {formula} / time from first commit to merge, each person's time clipped.",
        counted="The changes behind cycle_time_hours_p50. The stages of a change add up to its cycle time.",
        not_counted="Time after the merge; changes whose commits are dated after the merge.",
        limits="Wall-clock time. Few long changes weigh more than many short ones; clips soften it.",
        source="GitHub pull requests, their commits and reviews.",
        protection=SHARE,
        not_for=PERSON,
    )
    return Measure(
        f"{name}_share_pct", Kind.SHARE, "SMALLINT", "percent", roles, quantity, group="stages", meaning=meaning
    )


STAGES = (
    _stage("coding", (AUTHOR,), "writing it", "from the first commit to ready for review"),
    _stage(
        "pickup",
        (AUTHOR, REVIEWER),
        "waiting for the first review",
        "from ready for review to the first human review",
    ),
    _stage(
        "review",
        (AUTHOR, REVIEWER),
        "being reviewed",
        "from the first human review to the last approval before the merge",
    ),
    _stage("merge_wait", (AUTHOR,), "waiting for the merge", "from the last approval to the merge"),
    _stage(
        "unreviewed_wait",
        (AUTHOR,),
        "lying open without any review",
        "from ready to the merge of changes nobody reviewed",
    ),
    _stage(
        "unapproved_review",
        (AUTHOR,),
        "review without an approval",
        "from first review to the merge of changes never approved",
    ),
    _stage(
        "other_stages",
        (AUTHOR, REVIEWER),
        "stages that are not told apart here",
        "in all stages without a share of their own in this row",
        evidence="",
    ),
)


def _wait(stem: str, evidence: str, question: str, formula: str, not_counted: str) -> Measure:
    meaning = Meaning(
        question=question,
        formula=formula,
        counted="The changes of changes_merged that went through this stage; wall-clock time.",
        not_counted=not_counted,
        limits="Nights and weekends count. Medians of stages do not add up to the median of the whole: shares do.",
        source="GitHub pull requests and reviews.",
        protection=PERCENTILE,
        not_for=PERSON,
    )
    return percentile(stem, 0.5, evidence, (AUTHOR, REVIEWER), meaning)


WAITS = (
    _wait(
        "pickup_hours",
        "pickup_seconds",
        "How long does a typical change wait for its first review?",
        "Median of hours from ready for review to the first human review by somebody else.",
        "Changes nobody reviewed before the merge: they have no such wait, not one of nothing.",
    ),
    _wait(
        "review_hours",
        "review_seconds",
        "How long does a typical change take from its first review to its approval?",
        "Median of hours from the first human review to the last approval before the merge.",
        "Changes never approved, or not reviewed.",
    ),
)
TABLE = Table(
    name="team_delivery",
    mart="mart_delivery",
    count="changes_merged",
    measures=(
        amount(
            Kind.COUNT,
            "changes_merged",
            "changes",
            AUTHOR,
            Meaning(
                question="How many changes did people of this unit get merged in the period?",
                formula="Number of changes merged, by the period of the merge and the home team of the author.",
                counted="Merged pull requests written by people of the roster.",
                not_counted="Bots, deleted accounts, people in no team on the period's first day, changes closed "
                "unmerged.",
                limits="Teams cut their work differently: ten small changes are not more than one large one.",
                source="GitHub pull requests.",
                protection=COUNTED,
                not_for=PERSON,
            ),
        ),
        *percentiles(
            "cycle_time_hours",
            "cycle_seconds",
            (AUTHOR, REVIEWER),
            median=Meaning(
                question="How long does a typical change take from the first commit to the merge?",
                formula="Median of hours from the first commit (90 days before opening at the earliest) to the merge.",
                counted="The changes of changes_merged; wall-clock time, nights and weekends included.",
                not_counted="Changes whose commits are dated after the merge.",
                limits="Squashed or rebased history hides early commits; the true time can be longer. "
                "Deployment is not in it.",
                source="GitHub pull requests and their commits.",
                protection=PERCENTILE,
                not_for=PERSON,
            ),
            question="Within which time do {share} changes get from the first commit to the merge?",
            formula="p{percent} of hours from the first commit (90 days before opening at the earliest) to the merge.",
        ),
        *WAITS,
        rate(
            "unreviewed_rate_pct",
            "is_unreviewed",
            (AUTHOR, REVIEWER),
            Meaning(
                question="Which share of the merged changes did nobody else look at before the merge?",
                formula="100 x changes without a review by another human before the merge / changes merged.",
                counted="A review is an approval, a request for changes, a comment review or a dismissed one.",
                not_counted="Reviews by bots or by the author, reviews after the merge, plain comments, pairing at one "
                "desk.",
                limits="Says that a review took place, not that it was good.",
                source="GitHub pull requests and reviews.",
                protection=RATE,
                not_for=PERSON,
            ),
        ),
        rate(
            "large_change_rate_pct",
            "is_large",
            (AUTHOR,),
            Meaning(
                question="Which share of the merged changes is large?",
                formula="100 x changes of more than 400 lines, added and deleted together / changes merged.",
                counted="The changes of changes_merged.",
                not_counted="Bots; changes closed unmerged.",
                limits="Generated and vendored files count; a large change may be a rename.",
                source="GitHub pull requests.",
                protection=RATE,
                not_for=PERSON,
            ),
        ),
        *STAGES,
    ),
    identities=(
        Identity(
            name="stages",
            terms=tuple(measure.column for measure in STAGES),
            reason="They add to 100 in every row: the one left out is as safe as the others, which are told or counted "
            "in `other_stages_share_pct`.",
        ),
    ),
)
