"""`team_delivery`: human changes merged into their base, by their author and the period of the merge."""

from expectations.catalogue.families import (
    ASKER,
    AUTHOR,
    MERGER,
    REVERTED,
    REVIEWER,
    amount,
    percentiles,
    rate,
)
from expectations.catalogue.stages import STAGES, WAITS
from expectations.kinds import Identity, Kind, Table
from expectations.meanings import COUNTED, OWN, PERCENTILE, PERSON, RATE, Meaning

P75 = 0.75  # of sizes the tail alone is told
SIZES = percentiles(
    "change_size_lines",
    "changed_lines",
    (AUTHOR,),
    median=Meaning(
        question="How large is a typical change?",
        formula="Median of lines added and deleted together.",
        definition="DevLake's PR size, which its documentation divides by changes and its team page by heads; no mean "
        "here.",
        counted="The changes of changes_merged, as GitHub counts their lines.",
        not_counted="Bots; changes closed unmerged.",
        limits="Generated and vendored files count. The smallest step is 1 line, the largest 10 000.",
        source="GitHub pull requests.",
        protection=PERCENTILE,
        not_for=PERSON,
    ),
    question="Within which size do {share} changes lie?",
    formula="p{percent} of lines added and deleted together.",
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
                definition="Merged pull requests, as in DevLake, Faros and dbt_github; DevLake's team page goes by "
                "the opening, and some show it per member.",
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
            (AUTHOR, REVIEWER, MERGER),
            median=Meaning(
                question="How long does a typical change take from the first commit to the merge?",
                formula="Median of hours from the first commit (90 days before opening at the earliest) to the merge.",
                definition="DevLake's PR cycle time without its last stage, the deployment, and no mean; Middleware's "
                "leaves out coding.",
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
        *(size for size in SIZES if size.quantile != P75),
        *WAITS,
        rate(
            "unreviewed_rate_pct",
            "is_unreviewed",
            (AUTHOR, REVIEWER),
            Meaning(
                question="Which share of the merged changes did nobody else look at before the merge?",
                formula="100 x changes without a review by another human before the merge / changes merged.",
                definition="DevLake's PRs merged without review, as a rate; the author's own comment is a review "
                "there, none here.",
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
            "self_merged_rate_pct",
            "is_self_merged",
            (AUTHOR, MERGER),
            Meaning(
                question="Which share of the merged changes did their author merge without an approval?",
                formula="100 x changes merged by their author with no approval in force / changes merged.",
                definition=OWN,
                counted="The changes of changes_merged. In force is an approval by another human before the merge that "
                "was not dismissed before it.",
                not_counted="A change that a machine merged, a merge queue's included, was not merged by its author.",
                limits="Where a team agrees to merge without review this is its habit, not a fault. A later request "
                "for changes does not take an approval back here.",
                source="GitHub pull requests and reviews.",
                protection=RATE,
                not_for=PERSON,
            ),
        ),
        rate(
            "another_round_rate_pct",
            "is_another_round",
            (AUTHOR, REVIEWER, ASKER),
            Meaning(
                question="Which share of the reviewed changes had to go another round?",
                formula="100 x changes with a request for changes, or a comment review and a later commit, before the "
                "last approval (the merge, where there is none) / changes reviewed.",
                definition="After Middleware's rework cycles, which count how often commits and reviews alternate; "
                "here the share that has any.",
                counted="The changes of changes_merged that another human reviewed before the merge.",
                not_counted="Changes nobody reviewed; plain comments; requests that were dismissed since.",
                limits="A rebase, or the base merged into the branch, is a new commit too. Another round is what "
                "reviews are for: a low share on its own is no merit.",
                source="GitHub pull requests, their commits and reviews.",
                protection=RATE,
                not_for=PERSON,
            ),
        ),
        rate(
            "revert_rate_pct",
            "is_revert",
            (AUTHOR, REVERTED),
            Meaning(
                question="Which share of the merged changes takes another one back?",
                formula="100 x changes that revert another / changes merged.",
                definition="Reverts told by their branch, as in Middleware, or by their title; there they count as "
                "incidents.",
                counted="Changes by their head branch, as GitHub's button names it, or by a title that begins with "
                "Revert; in the period in which the revert was merged.",
                not_counted="The changes that were taken back: a revert may come long after they were published.",
                limits="Mending by a new change is not seen. Where few are taken back, too few people stand behind it "
                "to show.",
                source="GitHub pull requests.",
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
                definition=OWN,
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
