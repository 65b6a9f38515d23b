"""`team_tasks`: tasks finished, by who had them then and the period of the last entry into a done status."""

from expectations.catalogue.families import ASSIGNEE, amount, percentiles, rate
from expectations.kinds import Identity, Kind, Measure, Table
from expectations.meanings import COUNTED, PERCENTILE, PERSON, RATE, SHARE, Meaning

TIME_IN_STATUS = "Time in status, which DevLake and dbt_jira keep by the name of a status: a share, by class, here."


def _rate(name: str, evidence: str, words: str, definition: str, limits: str) -> Measure:
    meaning = Meaning(
        question=f"Which share of the finished tasks {words}?",
        formula=f"100 x finished tasks that {words} / tasks completed.",
        definition=definition,
        counted="The tasks of tasks_completed.",
        not_counted="Epics, sub-tasks, cancelled items and duplicates.",
        limits=limits,
        source="Jira work items and their status history.",
        protection=RATE,
        not_for=PERSON,
    )
    return rate(name, evidence, (ASSIGNEE,), meaning)


def _share(name: str, evidence: str, words: str, formula: str, definition: str) -> Measure:
    meaning = Meaning(
        question=f"Which share of the time from start to finish {words}?",
        formula=f"100 x time {formula} / time from the first entry into an in-progress status to the last entry into a "
        "done status, each person's time clipped.",
        definition=definition,
        counted="The tasks of task_cycle_time_hours_p50 whose statuses have a class in quorum.yaml, or by their "
        "category. The shares of a row add to 100.",
        not_counted="Tasks whose history contradicts itself. Everything, where no status is listed as waiting, and "
        "the tasks of a team of which in the period more than one in five passed through an in-progress status that is "
        "not listed.",
        limits="As true as the board and as the lists. Wall-clock time: nights and weekends count as what the status "
        "says. No target: who works on several things at once lets all but one wait in an active status.",
        source="Jira work items and their status history; the classes of statuses in quorum.yaml.",
        protection=SHARE,
        not_for=PERSON,
    )
    return Measure(name, Kind.SHARE, "SMALLINT", "percent", (ASSIGNEE,), evidence, group="statuses", meaning=meaning)


SHARES = (
    _share(
        "active_share_pct",
        "active_seconds",
        "is somebody at work (flow efficiency)",
        "in statuses listed as active",
        "Flow efficiency, which vendors hold against active and waiting time alone; against all time to the finish "
        "here.",
    ),
    _share(
        "waiting_share_pct",
        "waiting_seconds",
        "goes into waiting: for a review, for others, for an answer",
        "in statuses listed as waiting",
        TIME_IN_STATUS,
    ),
    _share(
        "other_statuses_share_pct",
        "queued_seconds",
        "goes into something else: back in the queue, done too early, or not told apart here",
        "in all other statuses, and in those without a share of their own in this row",
        TIME_IN_STATUS,
    ),
)
TABLE = Table(
    name="team_tasks",
    mart="mart_tasks",
    count="tasks_completed",
    measures=(
        amount(
            Kind.COUNT,
            "tasks_completed",
            "tasks",
            ASSIGNEE,
            Meaning(
                question="How many tasks did people of this unit finish in the period?",
                formula="Number of tasks by their last entry into a done status, and the home team of the assignee "
                "then.",
                definition="DevLake's issues completed, which its team page counts by creation, and rejected or "
                "duplicate ones with them.",
                counted="Stories, tasks, bugs and other work items that are done now.",
                not_counted="Epics, sub-tasks, cancelled items and duplicates, items assigned to nobody, bots.",
                limits="Teams cut their tasks differently; not comparable across teams.",
                source="Jira work items and their status history.",
                protection=COUNTED,
                not_for=PERSON,
            ),
        ),
        *percentiles(
            "lead_time_hours",
            "lead_seconds",
            (ASSIGNEE,),
            median=Meaning(
                question="How long does a typical task take from being written down to being done?",
                formula="Median of hours from creation to the last entry into a done status.",
                definition="DevLake's requirement lead time, from creation to resolution; to the last entry into done "
                "here, and no mean.",
                counted="The tasks of tasks_completed; wall-clock time, waiting in the backlog included.",
                not_counted="Tasks whose dates contradict each other.",
                limits="A long backlog shows as a long lead time even when work itself is quick.",
                source="Jira work items and their status history.",
                protection=PERCENTILE,
                not_for=PERSON,
            ),
            question="Within which time do {share} tasks get from being written down to being done?",
            formula="p{percent} of hours from creation to the last entry into a done status.",
        ),
        *percentiles(
            "task_cycle_time_hours",
            "cycle_seconds",
            (ASSIGNEE,),
            median=Meaning(
                question="How long does a typical task take from being started to being done?",
                formula="Median of hours from the first entry into an in-progress status (the creation, where it began "
                "in one) to the last entry into a done status.",
                definition="Cycle time as Azure's documentation has it, which is at odds with itself on whether the "
                "first or the last entry into progress counts: the first here.",
                counted="The tasks of tasks_completed that were in progress; wall-clock time, parking and rework "
                "included.",
                not_counted="Tasks that went to done without ever being in progress; tasks whose dates contradict each "
                "other.",
                limits="As true as the board: who moves cards late shows shorter times.",
                source="Jira work items and their status history.",
                protection=PERCENTILE,
                not_for=PERSON,
            ),
            question="Within which time do {share} tasks get from being started to being done?",
            formula="p{percent} of hours from the first entry into an in-progress status to the last entry into done.",
        ),
        _rate(
            "bug_rate_pct",
            "is_bug",
            "are bugs",
            "After the bug counts of DevLake and Faros; a share of finished tasks, and never of lines of code.",
            "Teams differ in what they call a bug.",
        ),
        _rate(
            "reopened_rate_pct",
            "is_reopened",
            "had been done once and were taken up again",
            "After the reopened issues that dbt_github counts; as a share, and of Jira's items.",
            "Counted when the task is finished again; one still open is in no number yet. Where few come back, too "
            "few people stand behind it to show.",
        ),
        _rate(
            "unplanned_rate_pct",
            "is_unplanned",
            "came unplanned",
            "After the planned and unplanned work of LinearB and Swarmia; dbt_jira looks at what joins a sprint late.",
            "By the labels and types that quorum.yaml lists, as they stand when the item is read; nothing where it "
            "lists none. As true as people label. Sprints are not looked at: what joins one late is not told.",
        ),
        *SHARES,
    ),
    identities=(
        Identity(
            name="statuses",
            terms=tuple(measure.column for measure in SHARES),
            reason="They add to 100 in every row: the one left out is as safe as the others, which are told or counted "
            "in `other_statuses_share_pct`.",
        ),
    ),
)
