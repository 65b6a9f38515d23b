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
    "least); groups and the organisation are sums of rounded rows; withheld where no quorum stands behind it."
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
