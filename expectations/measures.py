"""The registry: every published table and column, of which kind it is, whose conduct it shows, what it rests on.

A column that does not stand here does not publish. What the registry is made of stands in `kinds.py`, the words that
explain a measure to its readers in `meanings.py`, by the same name; a contract test holds them together.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from expectations.kinds import COLUMNS, Constant, Identity, Kind, Measure, Role, Table
from expectations.meanings import MEANINGS

__all__ = [
    "BANDS",
    "CELL_COLUMNS",
    "COLUMNS",
    "IDENTITIES",
    "LEVELS",
    "SPREADS",
    "STATUSES",
    "TABLES",
    "Constant",
    "Identity",
    "Kind",
    "Measure",
    "Role",
    "Table",
    "dictionary",
    "table_named",
]

CELL_COLUMNS = {"table_name": "VARCHAR", "period_start": "DATE", "unit_id": "VARCHAR", "team_id": "VARCHAR"}
LEVELS = ("org", "group", "team", "rest")
STATUSES = ("published", "withheld")
BANDS = (("under 6", 0), ("6-9", 6), ("10-19", 10), ("20-49", 20), ("50+", 50))
SPREADS = (("even", 0), ("mixed", 30), ("concentrated", 50))
"""Bands of the Gini coefficient, each with its lower end in hundredths."""

AUTHOR = Role("author", "author_key")
REVIEWER = Role("reviewer", "reviewer_key")
ASSIGNEE = Role("assignee", "assignee_key")


def _percentiles(stem: str, evidence: str, roles: tuple[Role, ...]) -> tuple[Measure, ...]:
    return tuple(
        Measure(f"{stem}_p{round(100 * q)}", Kind.PERCENTILE, "DOUBLE", "hours", roles, evidence, quantile=q)
        for q in (0.5, 0.75, 0.9)
    )


def _stage(name: str, roles: tuple[Role, ...], evidence: str | None = None) -> Measure:
    quantity = f"{name}_seconds" if evidence is None else evidence
    return Measure(f"{name}_share_pct", Kind.SHARE, "SMALLINT", "percent", roles, quantity, group="stages")


CYCLE_TIMES = _percentiles("cycle_time_hours", "cycle_seconds", (AUTHOR, REVIEWER))
LEAD_TIMES = _percentiles("lead_time_hours", "lead_seconds", (ASSIGNEE,))
STAGES = (
    _stage("coding", (AUTHOR,)),
    _stage("pickup", (AUTHOR, REVIEWER)),
    _stage("review", (AUTHOR, REVIEWER)),
    _stage("merge_wait", (AUTHOR,)),
    _stage("unreviewed_wait", (AUTHOR,)),
    _stage("unapproved_review", (AUTHOR,)),
    _stage("other_stages", (AUTHOR, REVIEWER), evidence=""),
)
TABLES = (
    Table(
        name="team_delivery",
        mart="mart_delivery",
        count="changes_merged",
        measures=(
            Measure("changes_merged", Kind.COUNT, "BIGINT", "changes", (AUTHOR,), "changes_merged"),
            *CYCLE_TIMES,
            Measure("unreviewed_rate_pct", Kind.RATE, "SMALLINT", "percent", (AUTHOR, REVIEWER), "is_unreviewed"),
            *STAGES,
        ),
    ),
    Table(
        name="team_code_volume",
        mart="mart_code_volume",
        measures=(
            Measure("lines_added", Kind.SUM, "BIGINT", "lines", (AUTHOR,), "lines_added"),
            Measure("lines_deleted", Kind.SUM, "BIGINT", "lines", (AUTHOR,), "lines_deleted"),
        ),
    ),
    Table(
        name="team_review",
        mart="mart_review",
        measures=(
            Measure("reviews_given", Kind.COUNT, "BIGINT", "reviews", (REVIEWER,), "reviews_given"),
            Measure("review_load_spread", Kind.SPREAD, "VARCHAR", "band", (REVIEWER,), "reviews_given"),
        ),
    ),
    Table(
        name="team_tasks",
        mart="mart_tasks",
        count="tasks_completed",
        measures=(
            Measure("tasks_completed", Kind.COUNT, "BIGINT", "tasks", (ASSIGNEE,), "tasks_completed"),
            *LEAD_TIMES,
        ),
    ),
)

IDENTITIES = (
    Identity(
        name="totals",
        terms=("a row", "the rows of its atoms in `cells`"),
        reason="A total is the sum of published, rounded atoms: subtracting gives back an atom, and each atom is safe.",
    ),
    Identity(
        name="stages",
        terms=tuple(measure.column for measure in STAGES),
        reason="They add to 100 in every row: the one left out is as safe as the others, which are told or counted "
        "in `other_stages_share_pct`.",
    ),
)
"""Every linear relation between published columns that a reader can solve; another one blocks (`identities`)."""


def table_named(name: str) -> Table:
    """The registered table of this name."""
    for table in TABLES:
        if table.name == name:
            return table
    raise KeyError("no such table is registered in expectations/measures.py")


def dictionary(
    constants: Mapping[str, Iterable[Constant]] | None = None,
) -> list[dict[str, str]]:
    """The rows of `metric_dictionary`: every measure of every table, explained.

    `constants` are those frozen, by table: the protection of a measure then names its own.
    """
    rows = []
    for table in TABLES:
        known = list((constants or {}).get(table.name, ()))
        for measure in table.measures:
            row = {"name": measure.column, "table_name": table.name, "unit": measure.unit}
            row |= asdict(MEANINGS[measure.column])
            row["protection"] += "".join(_told(measure, one) for one in known)
            rows.append(row)
    return rows


def _told(measure: Measure, constant: Constant) -> str:
    """One year's clip, and base where sums are published; nothing when it is another quantity's."""
    quantity, role, year, clip, base = constant
    if quantity != measure.evidence or role not in {one.name for one in measure.roles}:
        return ""
    most = f"{clip:,.10g}".replace(",", " ")
    unit = "seconds" if measure.kind is Kind.SHARE else measure.unit if measure.additive else "events"
    rounded = ", rounded to " + f"{base:,}".replace(",", " ") if measure.additive else ""
    return f" {year}: at most {most} {unit} a person ({role}){rounded}."
