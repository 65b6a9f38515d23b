"""`team_wip`: what is open when a period ends, changes and tasks alike, by who holds it then."""

from expectations.catalogue.families import HOLDER, TAILS, amount, percentile, rate
from expectations.kinds import Kind, Measure, Table
from expectations.meanings import COUNTED, OWN, PERCENTILE, PERSON, RATE, Meaning, tail

SOURCE = "GitHub pull requests, their commits and reviews; Jira work items and their status history."
AGE = Meaning(
    question="For how long has typical open work been open?",
    formula="Median of hours from ready for review (changes) or the first entry into progress (tasks) to the end of "
    "the period.",
    definition="After dbt_jira's age of open issues, which begins at creation; here at the start of work, of changes "
    "too.",
    counted="The items of open_items; wall-clock time.",
    not_counted="Time as a draft or in the backlog.",
    limits="What will be finished soon and what is forgotten stand side by side: read it with idle_rate_pct.",
    source=SOURCE,
    protection=PERCENTILE,
    not_for=PERSON,
)
QUANTILE, SHARE = TAILS[0]


def _rate(name: str, evidence: str, question: str, words: str, limits: str) -> Measure:
    meaning = Meaning(
        question=question,
        formula=f"100 x open items {words} / open items.",
        definition=OWN,
        counted="The items of open_items.",
        not_counted="Drafts, the backlog, epics and sub-tasks, bots.",
        limits=limits,
        source=SOURCE,
        protection=RATE,
        not_for=PERSON,
    )
    return rate(name, evidence, (HOLDER,), meaning)


TABLE = Table(
    name="team_wip",
    mart="mart_wip",
    count="open_items",
    measures=(
        amount(
            Kind.COUNT,
            "open_items",
            "items",
            HOLDER,
            Meaning(
                question="How much work do people of this unit have open when the period ends?",
                formula="Number of changes ready for review and neither merged nor closed, and of tasks in progress, "
                "in the last second of the period, by the home team of the author or assignee then.",
                definition="Work in progress, which Faros averages by board and Swarmia shows of changes; one moment "
                "and one number of both here.",
                counted="Both in one number: by themselves they are too few in most teams to be shown.",
                not_counted="Drafts, the backlog, epics and sub-tasks, items that nobody holds, bots.",
                limits="One moment of the period. A change that is a draft again today is not known to have been "
                "ready. With one of the two systems alone, that half alone.",
                source=SOURCE,
                protection=COUNTED,
                not_for=PERSON,
            ),
        ),
        percentile("open_age_hours", 0.5, "age_seconds", (HOLDER,), AGE),
        percentile(
            "open_age_hours",
            QUANTILE,
            "age_seconds",
            (HOLDER,),
            tail(
                AGE,
                f"Within which time have {SHARE} open items been open?",
                "p75 of hours from ready for review or the first entry into progress to the end of the period.",
            ),
        ),
        _rate(
            "open_task_rate_pct",
            "is_task",
            "How much of the open work is tasks, and how much changes?",
            "that are tasks",
            "A task and the change that does it are two items.",
        ),
        _rate(
            "idle_rate_pct",
            "is_idle",
            "On how much of the open work did nothing happen for a week?",
            "on which nothing happened in the last seven days of the period",
            "What counts as something: a commit, a review by a human, becoming ready; for tasks a change of status or "
            "assignee. Comments are not read.",
        ),
    ),
)
