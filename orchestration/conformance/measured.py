"""What the registry says of a measure, worked out from a mart in full: nothing clipped, rounded, merged or withheld.

Counts and sums are those of the ledger. A percentile is the value at the nearest rank, in its unit; rates and shares
are percentages; a spread is the Gini coefficient, a trend the difference of its sums. Without anything to work it out
from a measure is None. A period that is no candidate (it has not settled, or lies before all history) is None as a
whole, which is not the same as a zero.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from expectations.ladder import UNITS
from expectations.measures import Kind, Measure, Table

if TYPE_CHECKING:
    import duckdb

Rows = Sequence[Mapping[str, Any]]
Number = float | None


@dataclass(frozen=True, slots=True)
class Facts:
    """What a team did in a period: rows of the mart, and amounts of the ledger by quantity and role."""

    events: Rows = ()
    amounts: Mapping[tuple[str, str], Sequence[int]] = field(default_factory=dict)

    def column(self, name: str) -> list[Any]:
        """What stands in a column of the mart, in order, without what is missing."""
        return sorted(row[name] for row in self.events if row[name] is not None)

    def measure(self, measure: Measure, table: Table) -> Number:
        """The exact value of a registered measure."""
        return WORKED_OUT[measure.kind](self, measure, table)

    def given(self, measure: Measure) -> Sequence[int]:
        """Amounts of a measure's quantity, one a person."""
        return self.amounts.get((measure.evidence, measure.roles[0].name), ())


def _total(facts: Facts, measure: Measure, _: Table) -> Number:
    return sum(facts.given(measure))


def _percentile(facts: Facts, measure: Measure, _: Table) -> Number:
    values = facts.column(measure.evidence)
    percent = round(100 * measure.quantile)
    return values[(percent * len(values) + 99) // 100 - 1] / UNITS[measure.unit][0] if values else None


def _rate(facts: Facts, measure: Measure, _: Table) -> Number:
    flags = facts.column(measure.evidence)
    return 100 * sum(flags) / len(flags) if flags else None


def _share(facts: Facts, measure: Measure, table: Table) -> Number:
    whole = sum(sum(facts.given(one)) for one in table.groups[measure.group] if one.evidence)
    return 100 * sum(facts.given(measure)) / whole if whole else None


def _spread(facts: Facts, measure: Measure, _: Table) -> Number:
    amounts = sorted(facts.given(measure))
    ranked = sum((2 * place - len(amounts) - 1) * amount for place, amount in enumerate(amounts, 1))
    return ranked / (len(amounts) * sum(amounts)) if amounts else None


def _trend(facts: Facts, measure: Measure, _: Table) -> Number:
    against = facts.amounts.get((measure.against, measure.roles[0].name), ())
    return sum(facts.given(measure)) - sum(against)


WORKED_OUT: Mapping[Kind, Callable[[Facts, Measure, Table], Number]] = {
    Kind.COUNT: _total,
    Kind.SUM: _total,
    Kind.PERCENTILE: _percentile,
    Kind.RATE: _rate,
    Kind.SHARE: _share,
    Kind.SPREAD: _spread,
    Kind.TREND: _trend,
}
Cells = Mapping[tuple[str, date], Facts]


def cells(connection: duckdb.DuckDBPyConnection, table: Table) -> Cells:
    """What every team did in every period of a table, as the mart and the ledger have it."""
    events: dict[tuple[str, date], list[Mapping[str, Any]]] = {}
    amounts: dict[tuple[str, date], dict[tuple[str, str], list[int]]] = {}
    for row in _rows(connection, f"select * from vault.marts.{table.mart}"):
        events.setdefault((row["team_id"], row["period_start"]), []).append(row)
    for row in _rows(connection, f"select * from vault.intermediate.int_ledger where table_name = '{table.name}'"):
        line = amounts.setdefault((row["team_id"], row["period_start"]), {})
        line.setdefault((row["quantity"], row["role"]), []).append(row["value"])
    return {at: Facts(events.get(at, ()), amounts.get(at, {})) for at in {**events, **amounts}}


def periods(connection: duckdb.DuckDBPyConnection, table: Table) -> frozenset[date]:
    """The candidates among the periods of a table."""
    found = _rows(connection, f"select * from vault.intermediate.int_periods where table_name = '{table.name}'")
    return frozenset(row["period_start"] for row in found)


def _rows(connection: duckdb.DuckDBPyConnection, query: str) -> list[dict[str, Any]]:
    found = connection.execute(query)
    names = [column[0] for column in found.description or ()]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]
