"""The registry: every published table and column, of which kind it is, whose conduct it shows, what it rests on.

A column that does not stand here does not publish. The words that explain a measure to its readers are in
`meanings.py`, by the same name; a contract test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from expectations.meanings import MEANINGS, Meaning


class Kind(StrEnum):
    """How a measure is protected (one rule each in the gate)."""

    COUNT = "count"
    SUM = "sum"
    PERCENTILE = "percentile"
    RATE = "rate"


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody whose conduct a measure shows, and the column of the mart that names them."""

    name: str
    person: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One published column. Counts and sums rest on a quantity of the ledger, the others on a column of the mart."""

    column: str
    kind: Kind
    dtype: str
    unit: str
    roles: tuple[Role, ...]
    evidence: str

    @property
    def additive(self) -> bool:
        """Whether `evidence` is a quantity of the ledger."""
        return self.kind in (Kind.COUNT, Kind.SUM)


@dataclass(frozen=True, slots=True)
class Table:
    """One published table: its mart, its measures, and the count by which numbers of events are tested."""

    name: str
    mart: str
    measures: tuple[Measure, ...]
    count: str | None = None

    def __post_init__(self) -> None:
        additive = {measure.column for measure in self.measures if measure.additive}
        if not additive:
            raise ValueError(f"{self.name}: a table needs a count or a sum, by which its atoms are proved safe")
        if len(additive) < len(self.measures) and self.count not in additive:
            raise ValueError(f"{self.name}: percentiles and rates need `count`, a count of the same table")

    def of_kind(self, *kinds: Kind) -> tuple[Measure, ...]:
        """The measures of these kinds."""
        return tuple(measure for measure in self.measures if measure.kind in kinds)

    @property
    def columns(self) -> Mapping[str, str]:
        """Every column that publishes, with its declared type."""
        return COLUMNS | {measure.column: measure.dtype for measure in self.measures}


COLUMNS = {
    "period_start": "DATE",
    "period_end": "DATE",
    "unit_id": "VARCHAR",
    "unit_level": "VARCHAR",
    "status": "VARCHAR",
    "size_band": "VARCHAR",
}
CELL_COLUMNS = {"table_name": "VARCHAR", "period_start": "DATE", "unit_id": "VARCHAR", "team_id": "VARCHAR"}
LEVELS = ("org", "group", "team", "rest")
STATUSES = ("published", "withheld")
BANDS = (("under 6", 0), ("6-9", 6), ("10-19", 10), ("20-49", 20), ("50+", 50))

AUTHOR = Role("author", "author_key")
REVIEWER = Role("reviewer", "reviewer_key")
ASSIGNEE = Role("assignee", "assignee_key")

TABLES = (
    Table(
        name="team_delivery",
        mart="mart_delivery",
        count="changes_merged",
        measures=(
            Measure("changes_merged", Kind.COUNT, "BIGINT", "changes", (AUTHOR,), "changes_merged"),
            Measure("cycle_time_hours_p50", Kind.PERCENTILE, "DOUBLE", "hours", (AUTHOR, REVIEWER), "cycle_seconds"),
            Measure("unreviewed_rate_pct", Kind.RATE, "SMALLINT", "percent", (AUTHOR, REVIEWER), "is_unreviewed"),
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
        name="team_tasks",
        mart="mart_tasks",
        count="tasks_completed",
        measures=(
            Measure("tasks_completed", Kind.COUNT, "BIGINT", "tasks", (ASSIGNEE,), "tasks_completed"),
            Measure("lead_time_hours_p50", Kind.PERCENTILE, "DOUBLE", "hours", (ASSIGNEE,), "lead_seconds"),
        ),
    ),
)


def table_named(name: str) -> Table:
    """The registered table of this name."""
    for table in TABLES:
        if table.name == name:
            return table
    raise KeyError("no such table is registered in expectations/measures.py")


def dictionary() -> list[dict[str, str]]:
    """The rows of `metric_dictionary`: every measure of every table, explained."""
    return [
        {"name": measure.column, "table_name": table.name, "unit": measure.unit} | asdict(_meaning(measure))
        for table in TABLES
        for measure in table.measures
    ]


def _meaning(measure: Measure) -> Meaning:
    return MEANINGS[measure.column]
