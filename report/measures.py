"""What the page shows of each table, in a manager's words."""

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """How a value is written."""

    COUNT = "count"
    HOURS = "hours"
    MINUTES = "minutes"
    LINES = "lines"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Measure:
    """One column of a published table, in a manager's words."""

    table: str
    column: str
    title: str
    unit: str
    kind: Kind
    says: str


MEASURES = (
    Measure(
        "team_delivery", "changes_merged", "Changes merged", "changes", Kind.COUNT,
        "Throughput: changes that reached their base branch in the period.",
    ),
    Measure(
        "team_delivery", "cycle_time_hours_p50", "Cycle time", "hours", Kind.HOURS,
        "Half of the merged changes took at most this long from the first commit to the merge.",
    ),
    Measure(
        "team_delivery", "unreviewed_rate_pct", "Merged without review", "percent", Kind.RATE,
        "Of a hundred merged changes, those that nobody else had looked at.",
    ),
    Measure(
        "team_delivery", "change_size_lines_p50", "Size of a change", "lines", Kind.LINES,
        "Half of the merged changes added and deleted at most so many lines.",
    ),
    Measure(
        "team_delivery", "pickup_hours_p50", "Wait for review", "hours", Kind.HOURS,
        "Half of the reviewed changes waited at most this long for somebody else to look at them.",
    ),
    Measure(
        "team_delivery", "review_hours_p50", "Time in review", "hours", Kind.HOURS,
        "Half of the approved changes took at most this long from the first review to the approval.",
    ),
    Measure(
        "team_delivery", "self_merged_rate_pct", "Merged by the author alone", "percent", Kind.RATE,
        "Of a hundred merged changes, those that their author merged without an approval.",
    ),
    Measure(
        "team_delivery", "another_round_rate_pct", "Another round", "percent", Kind.RATE,
        "Of a hundred reviewed changes, those that had to be changed before their approval.",
    ),
    Measure(
        "team_delivery", "revert_rate_pct", "Reverts", "percent", Kind.RATE,
        "Of a hundred merged changes, those that take another one back.",
    ),
    Measure(
        "team_delivery", "large_change_rate_pct", "Large changes", "percent", Kind.RATE,
        "Of a hundred merged changes, those of more than 400 lines.",
    ),
    Measure(
        "team_code_volume", "lines_added", "Lines added", "lines", Kind.COUNT,
        "Code volume: each change counts for 1 000 lines at most.",
    ),
    Measure(
        "team_code_volume", "lines_deleted", "Lines deleted", "lines", Kind.COUNT,
        "Removing code is work too, and often the better change.",
    ),
    Measure(
        "team_review", "reviews_given", "Reviews given", "reviews", Kind.COUNT,
        "Reviews of changes that somebody else wrote.",
    ),
    Measure(
        "team_review", "first_review_hours_p50", "Time to first review", "hours", Kind.HOURS,
        "Half of the first reviews were given within this time, counted for who gave them.",
    ),
    Measure(
        "team_review", "commented_review_rate_pct", "Reviews with comments", "percent", Kind.RATE,
        "Of a hundred reviews, those that say something about a line.",
    ),
    Measure(
        "team_tasks", "tasks_completed", "Tasks completed", "tasks", Kind.COUNT,
        "Work items that reached a done state in the period.",
    ),
    Measure(
        "team_tasks", "lead_time_hours_p50", "Lead time", "hours", Kind.HOURS,
        "Half of the completed tasks took at most this long from creation to done.",
    ),
    Measure(
        "team_tasks", "task_cycle_time_hours_p50", "Time in work", "hours", Kind.HOURS,
        "Half of the completed tasks took at most this long from the start of work to done.",
    ),
    Measure(
        "team_tasks", "bug_rate_pct", "Bugs", "percent", Kind.RATE,
        "Of a hundred completed tasks, those that are bugs.",
    ),
    Measure(
        "team_tasks", "reopened_rate_pct", "Reopened", "percent", Kind.RATE,
        "Of a hundred completed tasks, those that had been done once and were taken up again.",
    ),
    Measure(
        "team_tasks", "unplanned_rate_pct", "Unplanned", "percent", Kind.RATE,
        "Of a hundred completed tasks, those that came unplanned, by their labels and types.",
    ),
    Measure(
        "team_wip", "open_items", "Open work", "items", Kind.COUNT,
        "Changes in review and tasks in progress when the period ended.",
    ),
    Measure(
        "team_wip", "open_age_hours_p50", "Age of open work", "hours", Kind.HOURS,
        "Half of the open work had been open for at most this long.",
    ),
    Measure(
        "team_wip", "open_task_rate_pct", "Tasks in open work", "percent", Kind.RATE,
        "Of a hundred open items, those that are tasks; the others are changes.",
    ),
    Measure(
        "team_wip", "idle_rate_pct", "Idle work", "percent", Kind.RATE,
        "Of a hundred open items, those on which nothing had happened for a week.",
    ),
    Measure(
        "team_dora", "deployments", "Deployments", "deployments", Kind.COUNT,
        "How often work reached production.",
    ),
    Measure(
        "team_dora", "change_lead_time_hours_p50", "Time to production", "hours", Kind.HOURS,
        "Half of the deployed changes took at most this long from the first commit to production.",
    ),
    Measure(
        "team_dora", "deploy_wait_hours_p50", "Wait for production", "hours", Kind.HOURS,
        "Half of the deployed changes were in production at most this long after their merge.",
    ),
    Measure(
        "team_dora", "recovery_time_hours_p50", "Time to recover", "hours", Kind.HOURS,
        "Half of the failures in production were over within this time.",
    ),
    Measure(
        "team_dora", "change_fail_rate_pct", "Failed deployments", "percent", Kind.RATE,
        "Of a hundred deployments, those that failed in production.",
    ),
    Measure(
        "team_dora", "deployment_rework_rate_pct", "Rework deployments", "percent", Kind.RATE,
        "Of a hundred deployments, those that mended another or took changes back.",
    ),
    Measure(
        "team_dora", "change_linked_rate_pct", "Changes linked", "percent", Kind.RATE,
        "Of a hundred deployed changes, those that their deployment names; the others are inferred.",
    ),
    Measure(
        "team_dora", "failure_linked_rate_pct", "Failures linked", "percent", Kind.RATE,
        "Of a hundred failed deployments, those whose failure somebody told; the others are inferred.",
    ),
    Measure(
        "team_ci", "runs_completed", "Runs completed", "runs", Kind.COUNT,
        "Runs of workflows on changes and default branches, by how the first attempt ended.",
    ),
    Measure(
        "team_ci", "success_rate_pct", "Succeeded at once", "percent", Kind.RATE,
        "Of a hundred runs, those whose first attempt succeeded.",
    ),
    Measure(
        "team_ci", "rerun_rate_pct", "Run again", "percent", Kind.RATE,
        "Of a hundred runs, those that were repeated without a new commit.",
    ),
    Measure(
        "team_ci", "run_duration_hours_p50", "Duration of a run", "hours", Kind.HOURS,
        "Half of the successful runs took at most this long.",
    ),
    Measure(
        "team_ci", "queue_minutes_p50", "Wait for a machine", "minutes", Kind.MINUTES,
        "Half of the runs waited at most this long until their first job began.",
    ),
    Measure(
        "team_ci", "time_to_green_hours_p50", "Time to green", "hours", Kind.HOURS,
        "Half of the default branches that turned green again had been red for at most this long.",
    ),
)  # fmt: skip
