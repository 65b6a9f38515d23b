"""The way of a change to its merge: shares of its time by stage, and how long two of them last."""

from expectations.catalogue.families import AUTHOR, MERGER, REVIEWER, percentile
from expectations.kinds import Kind, Measure, Role
from expectations.meanings import PERCENTILE, PERSON, SHARE, Meaning

PARTITION = "One of stages that add up to the whole, as those of DevLake and Middleware do not always. "


def _stage(
    name: str, roles: tuple[Role, ...], words: str, formula: str, definition: str, evidence: str | None = None
) -> Measure:
    quantity = f"{name}_seconds" if evidence is None else evidence
    meaning = Meaning(
        question=f"Which share of the time from first commit to merge goes into {words}?",
        formula=f"100 x time {formula} / time from first commit to merge, each person's time clipped.",
        definition=PARTITION + definition,
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
    _stage(
        "coding",
        (AUTHOR,),
        "writing it",
        "from the first commit to ready for review",
        "Theirs ends at the opening: time as a draft is coding here.",
    ),
    _stage(
        "pickup",
        (AUTHOR, REVIEWER),
        "waiting for the first review",
        "from ready for review to the first human review",
        "DevLake's pickup begins at the opening and ends at any comment; Middleware's is this one.",
    ),
    _stage(
        "review",
        (AUTHOR, REVIEWER),
        "being reviewed",
        "from the first human review to the last approval before the merge",
        "DevLake's review ends at the merge, Middleware's at the first approval.",
    ),
    _stage(
        "merge_wait",
        (AUTHOR, MERGER),
        "waiting for the merge",
        "from the last approval to the merge",
        "Middleware's begins at the first approval; in DevLake it is review.",
    ),
    _stage(
        "unreviewed_wait",
        (AUTHOR, MERGER),
        "lying open without any review",
        "from ready to the merge of changes nobody reviewed",
        "Quorum's own: in both it is in no stage.",
    ),
    _stage(
        "unapproved_review",
        (AUTHOR, REVIEWER, MERGER),
        "review without an approval",
        "from first review to the merge of changes never approved",
        "Quorum's own.",
    ),
    _stage(
        "other_stages",
        (AUTHOR, REVIEWER, MERGER),
        "stages that are not told apart here",
        "in all stages without a share of their own in this row",
        "Quorum's own: what may not be told by itself.",
        evidence="",
    ),
)


def _wait(stem: str, evidence: str, question: str, formula: str, definition: str, not_counted: str) -> Measure:
    meaning = Meaning(
        question=question,
        formula=formula,
        definition=definition,
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
        "Middleware's first response time; DevLake's pickup begins at the opening and ends at any comment, and LinearB "
        "takes the merge where nobody answers.",
        "Changes nobody reviewed before the merge: they have no such wait, not one of nothing.",
    ),
    _wait(
        "review_hours",
        "review_seconds",
        "How long does a typical change take from its first review to its approval?",
        "Median of hours from the first human review to the last approval before the merge.",
        "DevLake's review time without the wait for the merge; Middleware's rework time ends at the first approval.",
        "Changes never approved, or not reviewed.",
    ),
)
