"""`team_ci`: runs of workflows on changes and default branches, by who started them and the period of their end."""

from expectations.catalogue.families import amount, percentile, percentiles, rate
from expectations.kinds import Kind, Role, Table
from expectations.meanings import COUNTED, OWN, PERCENTILE, PERSON, RATE, Meaning

STARTER = Role("starter", "starter_key")
RERUNNER = Role("rerunner", "rerunner_key")
BREAKER = Role("breaker", "breaker_key")
SOURCE = "GitHub Actions: runs of workflows and their attempts."

TABLE = Table(
    name="team_ci",
    mart="mart_ci",
    count="runs_completed",
    measures=(
        amount(
            Kind.COUNT,
            "runs_completed",
            "runs",
            STARTER,
            Meaning(
                question="How many runs of workflows did people of this unit set off in the period?",
                formula="Number of runs whose first attempt succeeded or failed, by the period of its end and the home "
                "team of who started it.",
                definition="DevLake's build count, without cancelled and skipped runs, of first attempts alone.",
                counted="Runs on changes, and on the default branch by a push or by hand; a time-out is a failure.",
                not_counted="Cancelled and skipped runs, schedules, other branches, runs set off by machines, further "
                "attempts.",
                limits="Counts workflows, not work: a repository that splits its checks in three has three times the "
                "runs.",
                source=SOURCE,
                protection=COUNTED,
                not_for=PERSON,
            ),
        ),
        *percentiles(
            "run_duration_hours",
            "duration_seconds",
            (STARTER,),
            median=Meaning(
                question="How long does a typical successful run take?",
                formula="Median of hours from the start of the first attempt to its end, of those that succeeded.",
                definition="DevLake's build duration, a mean over all results there; of successful first attempts, "
                "and no mean, here.",
                counted="The runs of runs_completed that succeeded at once; the wait for a machine is in it.",
                not_counted="Runs that failed: they stop early, or late.",
                limits="The smallest step is 0.1 hours: shorter runs read 0.1.",
                source=SOURCE,
                protection=PERCENTILE,
                not_for=PERSON,
            ),
            question="Within which time do {share} successful runs end?",
            formula="p{percent} of hours from the start of the first attempt to its end, of those that succeeded.",
        ),
        *percentiles(
            "queue_minutes",
            "queue_seconds",
            (STARTER,),
            median=Meaning(
                question="How long does a typical run wait for a machine?",
                formula="Median of minutes from the creation of the run to the start of its first job, first attempts.",
                definition="The queue time that DevLake stores and does not show; here that of a run's first job.",
                counted="The runs of runs_completed in which a job ran, whether it succeeded or failed.",
                not_counted="Runs read before this was asked for, or by a token that may not read checks; the waits of "
                "later jobs of the same run.",
                limits="The smallest step is 0.1 minutes. A run that waits for another one, or for somebody's leave, "
                "waits here too.",
                source="GitHub Actions: runs of workflows and when their first job began.",
                protection=PERCENTILE,
                not_for=PERSON,
            ),
            question="Within which time do {share} runs get a machine?",
            formula="p{percent} of minutes from the creation of the run to the start of its first job, first attempts.",
        ),
        percentile(
            "time_to_green_hours",
            0.5,
            "green_seconds",
            (STARTER, BREAKER),
            Meaning(
                question="How long does a default branch typically stay red?",
                formula="Median of hours from the end of the first failure to the end of the next success of the same "
                "workflow on the default branch.",
                definition=OWN,
                counted="Runs of runs_completed that turned the branch green again, by repeating an attempt too; "
                "whoever had broken it.",
                not_counted="Branches that are still red; those that a machine's run turned green.",
                limits="Counted for who turned it green, in the period of that run. Nights and weekends count.",
                source=SOURCE,
                protection=PERCENTILE,
                not_for=PERSON,
            ),
        ),
        rate(
            "success_rate_pct",
            "is_success",
            (STARTER,),
            Meaning(
                question="Which share of the runs succeeds at once?",
                formula="100 x runs whose first attempt succeeded / runs completed.",
                definition="DevLake's build success rate, which has cancelled and skipped runs in its denominator; of "
                "first attempts here.",
                counted="The runs of runs_completed.",
                not_counted="Further attempts: a run that succeeds when it is repeated has failed here.",
                limits="A failing check of a change is what checks are for; a low share on its own is no fault.",
                source=SOURCE,
                protection=RATE,
                not_for=PERSON,
            ),
        ),
        rate(
            "rerun_rate_pct",
            "is_rerun",
            (STARTER, RERUNNER),
            Meaning(
                question="Which share of the runs is run again without a new commit?",
                formula="100 x runs with a second attempt within a week of their creation / runs completed.",
                definition="After the flaky runs of Mergify and Harness, which fail and then pass on one commit; here "
                "any second attempt counts.",
                counted="The runs of runs_completed, whoever repeated them.",
                not_counted="New commits that set off a new run; attempts later than a week.",
                limits="Points to flaky checks, and to trouble with machines. Where few are repeated, too few people "
                "stand behind it to show.",
                source=SOURCE,
                protection=RATE,
                not_for=PERSON,
            ),
        ),
    ),
)
