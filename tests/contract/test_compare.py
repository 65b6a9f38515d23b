"""docs/compare.md names columns that exist, and leaves none out: the page cannot rot."""

import re
from pathlib import Path

from expectations.measures import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "compare.md"
COLUMNS = {f"{table.name}.{measure.column}" for table in TABLES for measure in table.measures}


def _named() -> set[str]:
    return set(re.findall(r"team_[a-z_]+\.[a-z0-9_]+", PAGE.read_text()))


def test_every_column_that_the_page_names_exists() -> None:
    assert _named() - COLUMNS == set()


def test_every_column_is_named_on_the_page() -> None:
    assert COLUMNS - _named() == set()
