"""`team_tasks`: tasks finished, by who had them then and the period of the last entry into a done status."""

from expectations.catalogue.families import ASSIGNEE, amount, percentiles, rate
from expectations.kinds import Kind, Measure, Table
from expectations.meanings import COUNTED, PERCENTILE, PERSON, RATE, Meaning


def _rate(name: str, evidence: str, words: str, limits: str) -> Measure:
    meaning = Meaning(
        question=f"Which share of the finished tasks {words}?",
        formula=f"100 x finished tasks that {words} / tasks completed.",
        counted="The tasks of tasks_completed.",
        not_counted="Epics, sub-tasks, cancelled items and duplicates.",
        limits=limits,
        source="Jira work items and their status history.",
        protection=RATE,
        not_for=PERSON,
    )
    return rate(name, evidence, (ASSIGNEE,), meaning)


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
        _rate("bug_rate_pct", "is_bug", "are bugs", "Teams differ in what they call a bug."),
        _rate(
            "reopened_rate_pct",
            "is_reopened",
            "had been done once and were taken up again",
            "Counted when the task is finished again; one still open is in no number yet. Where few come back, too "
            "few people stand behind it to show.",
        ),
    ),
)
