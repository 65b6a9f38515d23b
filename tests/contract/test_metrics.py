"""What a metric owes the house besides its mart and twin; a failure names what was forgotten."""

import ast
import re
from pathlib import Path
from typing import Any

from expectations.measures import TABLES, Kind
from report.measures import MEASURES

ROOT = Path(__file__).parents[2]
DBT = ROOT / "dbt_project"


def _bases(name: str = "bases") -> dict[str, Any]:
    macro = (DBT / "macros" / f"{name}.sql").read_text()
    return ast.literal_eval(re.search(r"set known = (.+?) %}", macro, re.DOTALL)[1])


def test_every_table_and_its_quantities_stand_in_the_macro_bases() -> None:
    registry = {
        table.name: [measure.evidence for measure in table.measures if measure.additive]
        for table in TABLES
        if not table.is_derived
    }
    assert {name: basis["quantities"] for name, basis in _bases().items()} == registry


def test_every_derived_table_and_its_source_stand_in_the_macro_derived() -> None:
    assert _bases("derived") == {table.name: table.source for table in TABLES if table.is_derived}
    columns = {table.name: table.columns for table in TABLES}
    assert all(set(table.reads) <= set(columns[table.source]) for table in TABLES if table.is_derived)


def test_every_quantity_is_in_the_ledger() -> None:
    for basis in _bases().values():
        lines = {quantity for entry in basis["ledger"] for quantity in entry["lines"]}
        assert set(basis["quantities"]) <= lines


def test_the_report_shows_every_measure_but_tails_shares_and_spreads() -> None:
    shown = (Kind.COUNT, Kind.SUM, Kind.PERCENTILE, Kind.RATE)
    registry = {(table.name, m.column) for table in TABLES for m in table.of_kind(*shown) if m.quantile == 0.5}
    assert {(measure.table, measure.column) for measure in MEASURES} == registry


def test_the_changelog_tells_every_column() -> None:
    told = (ROOT / "CHANGELOG.md").read_text()
    assert [m.column for table in TABLES for m in table.measures if f"`{m.column}`" not in told] == []
