"""The registry: every published table and column, of which kind it is, whose conduct it shows, what it rests on.

A column that does not stand here does not publish. The words that explain a measure to its readers are in
`meanings.py`, by the same name; a contract test holds the two together.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum

from expectations.meanings import MEANINGS, Meaning


class Kind(StrEnum):
    """How a measure is protected (one rule each in the gate).

    A share of a group that adds to 100 rests on a quantity of the ledger, each row (person, team, period) clipped like
    any other; a quantity and role without a clip of the year before counts as nothing. A stage stands alone when it is
    safe in each of its roles (contributors, dominance, p%, person by person in the atom). The others, added up person
    by person, are the share without a quantity; safe stages join them in the registered order until those are safe
    as well, in every role that anybody carries there. Sizes are the first role's. No stage alone, here or above: NULL.
    A spread is a band of the Gini coefficient of the clipped contributions, from 2 k contributors and 2 k + 1 on the
    roster (counted as for atoms).
    """

    COUNT = "count"
    SUM = "sum"
    PERCENTILE = "percentile"
    RATE = "rate"
    SHARE = "share"
    SPREAD = "spread"


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody whose conduct a measure shows, and the column of the mart that names them."""

    name: str
    person: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One published column. Counts, sums, shares and spreads rest on a quantity of the ledger, the others on a mart.

    `quantile` is of percentiles, `group` of shares: those of one group add to 100, what fails joins the one whose
    `evidence` is empty, which stands last.
    """

    column: str
    kind: Kind
    dtype: str
    unit: str
    roles: tuple[Role, ...]
    evidence: str
    quantile: float = 0.5
    group: str = ""

    @property
    def additive(self) -> bool:
        """Whether sums of the quantity are published, so that every atom has to be safe in it."""
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
        if self.of_kind(Kind.PERCENTILE, Kind.RATE, Kind.SHARE) and self.count not in additive:
            raise ValueError(f"{self.name}: percentiles, rates and shares need `count`, a count of the same table")

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
TEAM_REVIEW = Table(
    name="team_review",
    mart="mart_review",
    measures=(
        Measure("reviews_given", Kind.COUNT, "BIGINT", "reviews", (REVIEWER,), "reviews_given"),
        Measure("review_load_spread", Kind.SPREAD, "VARCHAR", "band", (REVIEWER,), "reviews_given"),
    ),
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
            *LEAD_TIMES,
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
