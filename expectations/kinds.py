"""What the registry is made of: kinds of measure, roles, measures, tables, identities.

A table that cannot be judged is refused when it is declared, that is on import.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from expectations.meanings import Meaning

COLUMNS = {
    "period_start": "DATE",
    "period_end": "DATE",
    "unit_id": "VARCHAR",
    "unit_level": "VARCHAR",
    "status": "VARCHAR",
    "size_band": "VARCHAR",
}

DIGEST = "DIGEST"
"""The type of a column of text in which digests of published content stand, and nothing else."""


class Kind(StrEnum):
    """How a measure is protected (one rule each in the gate).

    A share of a group that adds to 100 rests on a quantity of the ledger, each row (person, team, period) clipped like
    any other; a quantity and role without a clip of the year before counts as nothing. A stage stands alone when it is
    safe in each of its roles (contributors, dominance, p%, person by person in the atom). The others, added up person
    by person, are the group's last share; safe stages join them, the last registered first, until those are safe
    as well, in every role that anybody carries there. Sizes are the first role's. No stage alone, here or above: NULL.
    A spread is a band of the Gini coefficient of the clipped contributions, from 2 k contributors and 2 k + 1 on the
    roster (counted as for atoms). A trend is a word for two published sums of the row, one held against the other.
    What is derived rests on published values of another table and on nothing else, a stage (its name) or a number: it
    needs no protection of its own, and is published only where what it rests on is.
    """

    COUNT = "count"
    SUM = "sum"
    PERCENTILE = "percentile"
    RATE = "rate"
    SHARE = "share"
    SPREAD = "spread"
    TREND = "trend"
    STAGE = "stage"
    DERIVED = "derived"


Constant = tuple[str, str, int, float, int]
"""Quantity, role, ISO year, clip and rounding base."""


@dataclass(frozen=True, slots=True)
class Role:
    """Somebody whose conduct a measure shows, and the column of the mart that names them."""

    name: str
    person: str


@dataclass(frozen=True, slots=True)
class Measure:
    """One published column. Counts, sums, shares and spreads rest on a quantity of the ledger, trends on published
    columns, the others on a mart.

    `quantile` is of percentiles, `group` of shares: those of one group add to 100, what fails joins the one that stands
    last, whose `evidence` is what is never told by itself, or empty. `against` is of trends: the column that `evidence`
    is held against. `numerator` is of counts of some events alone: the flag of the mart that these have. `meaning` is
    what the dictionary says of it.
    """

    column: str
    kind: Kind
    dtype: str
    unit: str
    roles: tuple[Role, ...]
    evidence: str
    quantile: float = 0.5
    group: str = ""
    against: str = ""
    numerator: str = ""
    meaning: Meaning = field(kw_only=True)

    @property
    def additive(self) -> bool:
        """Whether sums of the quantity are published, so that every atom has to be safe in it."""
        return self.kind in (Kind.COUNT, Kind.SUM)


@dataclass(frozen=True, slots=True)
class Identity:
    """A linear relation between published columns, which any reader can solve, and why every atom is safe in it."""

    name: str
    terms: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Table:
    """One published table: its mart, its measures, the count by which numbers of events are tested, its identities.

    A derived one has no mart: it names the table that it rests on, its `source`, and the columns that it `reads` there.
    """

    name: str
    mart: str
    measures: tuple[Measure, ...]
    count: str | None = None
    identities: tuple[Identity, ...] = ()
    source: str = ""
    reads: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if any((measure.kind in (Kind.STAGE, Kind.DERIVED)) != self.is_derived for measure in self.measures):
            raise ValueError(f"{self.name}: a table is derived with all its measures, and names its source, or not")
        if self.is_derived:
            if self.mart or not self.reads:
                raise ValueError(f"{self.name}: a derived table has no mart, and names what it reads of {self.source}")
            return
        if not all(measure.roles for measure in self.measures):
            raise ValueError(f"{self.name}: a measure names every role whose conduct it shows")
        if {one.evidence for one in self.of_kind(Kind.RATE)} & {one.numerator for one in self.measures}:
            raise ValueError(f"{self.name}: a rate is never published beside its numerator")
        additive = {measure.column for measure in self.measures if measure.additive}
        if not additive:
            raise ValueError(f"{self.name}: a table needs a count or a sum, by which its atoms are proved safe")
        if self.of_kind(Kind.PERCENTILE, Kind.RATE, Kind.SHARE) and self.count not in additive:
            raise ValueError(f"{self.name}: percentiles, rates and shares need `count`, a count of the same table")
        if not {name for one in self.of_kind(Kind.TREND) for name in (one.evidence, one.against)} <= additive:
            raise ValueError(f"{self.name}: a trend needs two counts or sums of the same table")

    @property
    def is_derived(self) -> bool:
        """Whether it rests on published values of another table, and on no ledger."""
        return bool(self.source)

    def of_kind(self, *kinds: Kind) -> tuple[Measure, ...]:
        """The measures of these kinds."""
        return tuple(measure for measure in self.measures if measure.kind in kinds)

    @property
    def groups(self) -> Mapping[str, tuple[Measure, ...]]:
        """Shares that add to 100, by the name of their group; the last one is what fails."""
        shares = self.of_kind(Kind.SHARE)
        return {one.group: tuple(m for m in shares if m.group == one.group) for one in shares}

    @property
    def columns(self) -> Mapping[str, str]:
        """Every column that publishes, with its declared type."""
        return COLUMNS | {measure.column: measure.dtype for measure in self.measures}
