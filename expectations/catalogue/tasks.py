"""`team_tasks`: tasks finished, by who had them then and the period of the last entry into a done status."""

from expectations.catalogue.families import ASSIGNEE, percentiles
from expectations.kinds import Kind, Measure, Table
from expectations.meanings import COUNTED, PERCENTILE, PERSON, Meaning

TABLE = Table(
    name="team_tasks",
    mart="mart_tasks",
    count="tasks_completed",
    measures=(
        Measure(
            "tasks_completed",
            Kind.COUNT,
            "BIGINT",
            "tasks",
            (ASSIGNEE,),
            "tasks_completed",
            meaning=Meaning(
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
    ),
)
