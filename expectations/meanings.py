"""The words of the metric dictionary: what each measure answers, how, what it leaves out, what it is no use for."""

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
PERSON = "Anything about a person: comparing, ranking or rewarding people. A number here belongs to a team as a whole."

MEANINGS = {
    "changes_merged": Meaning(
        question="How many changes did people of this unit get merged in the period?",
        formula="Number of changes merged, by the period of the merge and the home team of the author.",
        counted="Merged pull requests written by people of the roster.",
        not_counted="Bots, deleted accounts, people in no team on the period's first day, changes closed unmerged.",
        limits="Teams cut their work differently: ten small changes are not more than one large one.",
        source="GitHub pull requests.",
        protection=COUNTED,
        not_for=PERSON,
    ),
    "cycle_time_hours_p50": Meaning(
        question="How long does a typical change take from the first commit to the merge?",
        formula="Median of hours from the first commit (90 days before opening at the earliest) to the merge.",
        counted="The changes of changes_merged; wall-clock time, nights and weekends included.",
        not_counted="Changes whose commits are dated after the merge.",
        limits="Squashed or rebased history hides early commits; the true time can be longer. Deployment is not in it.",
        source="GitHub pull requests and their commits.",
        protection=PERCENTILE,
        not_for=PERSON,
    ),
    "unreviewed_rate_pct": Meaning(
        question="Which share of the merged changes did nobody else look at before the merge?",
        formula="100 x changes without a review by another human before the merge / changes merged.",
        counted="A review is an approval, a request for changes, a comment review or a dismissed one.",
        not_counted="Reviews by bots or by the author, reviews after the merge, plain comments, pairing at one desk.",
        limits="Says that a review took place, not that it was good.",
        source="GitHub pull requests and reviews.",
        protection=RATE,
        not_for=PERSON,
    ),
    "lines_added": Meaning(
        question="How much code was added by people of this unit in the period?",
        formula="Sum of lines added, each change clipped at 1 000 lines.",
        counted="Merged pull requests; for repositories read by git alone, commits that are not merges.",
        not_counted="Bots, merge commits, people in no team; whatever exceeds the clips.",
        limits="Generated code and vendored files count. More lines are not more value.",
        source="GitHub pull requests; git history.",
        protection=COUNTED,
        not_for=PERSON,
    ),
    "lines_deleted": Meaning(
        question="How much code was removed by people of this unit in the period?",
        formula="Sum of lines deleted, each change clipped at 1 000 lines.",
        counted="Merged pull requests; for repositories read by git alone, commits that are not merges.",
        not_counted="Bots, merge commits, people in no team; whatever exceeds the clips.",
        limits="A removal is often the better change, and often one person's: expect rows to be merged or withheld.",
        source="GitHub pull requests; git history.",
        protection=COUNTED,
        not_for=PERSON,
    ),
    "tasks_completed": Meaning(
        question="How many tasks did people of this unit finish in the period?",
        formula="Number of tasks by their last entry into a done status, and the home team of the assignee then.",
        counted="Stories, tasks, bugs and other work items that are done now.",
        not_counted="Epics, sub-tasks, cancelled items and duplicates, items assigned to nobody, bots.",
        limits="Teams cut their tasks differently; not comparable across teams.",
        source="Jira work items and their status history.",
        protection=COUNTED,
        not_for=PERSON,
    ),
    "lead_time_hours_p50": Meaning(
        question="How long does a typical task take from being written down to being done?",
        formula="Median of hours from creation to the last entry into a done status.",
        counted="The tasks of tasks_completed; wall-clock time, waiting in the backlog included.",
        not_counted="Tasks whose dates contradict each other.",
        limits="A long backlog shows as a long lead time even when work itself is quick.",
        source="Jira work items and their status history.",
        protection=PERCENTILE,
        not_for=PERSON,
    ),
}


def _tails(stem: str, question: str, formula: str) -> dict[str, Meaning]:
    """The p75 and p90 of what has a median: the same events, other words."""
    median = MEANINGS[f"{stem}_p50"]
    return {
        f"{stem}_p{percent}": replace(
            median,
            question=question.format(share=share),
            formula=formula.format(percent=percent),
            limits=f"{median.limits} Where few events stand behind it, it is withheld though the median is there.",
            protection=TAIL.format(events=events),
        )
        for percent, share, events in ((75, "three of four", 20), (90, "nine of ten", 50))
    }


MEANINGS |= _tails(
    "cycle_time_hours",
    "Within which time do {share} changes get from the first commit to the merge?",
    "p{percent} of hours from the first commit (90 days before opening at the earliest) to the merge.",
)
MEANINGS |= _tails(
    "lead_time_hours",
    "Within which time do {share} tasks get from being written down to being done?",
    "p{percent} of hours from creation to the last entry into a done status.",
)
MEANINGS |= {
    f"{stage}_share_pct": Meaning(
        question=f"Which share of the time from first commit to merge goes into {words}?",
        formula=f"100 x time {formula} / time from first commit to merge, each person's time clipped.",
        counted="The changes behind cycle_time_hours_p50. The stages of a change add up to its cycle time.",
        not_counted="Time after the merge; changes whose commits are dated after the merge.",
        limits="Wall-clock time. Few long changes weigh more than many short ones; clips soften it.",
        source="GitHub pull requests, their commits and reviews.",
        protection=SHARE,
        not_for=PERSON,
    )
    for stage, words, formula in (
        ("coding", "writing it", "from the first commit to ready for review"),
        ("pickup", "waiting for the first review", "from ready for review to the first human review"),
        ("review", "being reviewed", "from the first human review to the last approval before the merge"),
        ("merge_wait", "waiting for the merge", "from the last approval to the merge"),
        ("unreviewed_wait", "lying open without any review", "from ready to the merge of changes nobody reviewed"),
        ("unapproved_review", "review without an approval", "from first review to the merge of changes never approved"),
        (
            "other_stages",
            "stages that are not told apart here",
            "in all stages without a share of their own in this row",
        ),
    )
}
MEANINGS |= {
    "reviews_given": Meaning(
        question="How many reviews did people of this unit give in the period?",
        formula="Number of reviews submitted, by the period of submission and the home team of the reviewer.",
        counted="Approvals, requests for changes, comment reviews and dismissed ones, of changes by somebody else.",
        not_counted="Bots, one's own changes, plain comments, pending reviews, people in no team.",
        limits="A review may be a glance or a day's work; more of them are not better.",
        source="GitHub reviews.",
        protection=COUNTED,
        not_for=PERSON,
    ),
    "review_load_spread": Meaning(
        question="Do a few people of this unit give most of the reviews?",
        formula="Gini coefficient of reviews given among those who gave any: even below 0.3, mixed below 0.5.",
        counted="The reviews of reviews_given.",
        not_counted="People of the unit who gave no review at all: with them the load is more concentrated than told.",
        limits="Three words, no number; a new colleague who reviews little makes a team look less even.",
        source="GitHub reviews.",
        protection=SPREAD,
        not_for=PERSON,
    ),
}
