"""Every text that a table would publish: its cells, its columns' names, and the names of the units it speaks of.

Texts of declared domains (levels, statuses, size bands, the `rest:` and `:direct` affixes) are the product's own words:
somebody whose login is one of them must not stop a table.
"""

import duckdb

from expectations.detectors import DETECTORS, Identifiers
from expectations.measures import BANDS, LEVELS, STATUSES
from expectations.scope import Case
from expectations.verdict import Finding

OWN_WORDS = frozenset((*LEVELS, *STATUSES, *(band for band, _ in BANDS)))
CELLS = """
select 'unit_id' as column_name, atom_id as text from gate_cells
union select 'team_id', team_id from gate_cells
union select 'unit_id', unit_id from gate_units
union select 'unit_name', unit_name from gate_units
"""
UNREGISTERED = "(unregistered)"
PLAIN = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "DOUBLE", "FLOAT", "DATE", "BOOLEAN", "TIMESTAMP")
NAME = "detectors"


def detect(case: Case, identifiers: Identifiers) -> list[Finding]:
    """Texts in which a detector finds somebody, counted by detector and column; unreadable ones count as found."""
    try:
        texts = _texts(case)
    except duckdb.Error:
        return [Finding(f"{NAME}.unreadable", case.table.name, "", 1)]
    counts: dict[tuple[str, str], int] = {}
    for column, text in texts:
        bare = _bare(text)
        for detector in DETECTORS:
            if bare and detector.finds(bare, identifiers):
                counts[detector.name, column] = counts.get((detector.name, column), 0) + 1
    found = [Finding(f"{NAME}.{name}", case.table.name, column, n) for (name, column), n in sorted(counts.items())]
    return found or [Finding(NAME, case.table.name, "", 0)]


def _texts(case: Case) -> set[tuple[str, str]]:
    """Distinct texts with the column they stand in; a column that is not registered goes by no name."""
    texts = {(column, text) for column, text in case.connection.execute(CELLS).fetchall() if text is not None}
    for name, kind in case.connection.execute("select column_name, data_type from gate_columns").fetchall():
        known = name in case.table.columns
        column = name if known else UNREGISTERED
        if not known:
            texts.add((column, name))
        if kind not in PLAIN:
            quoted = '"' + name.replace('"', '""') + '"'
            cells = case.connection.execute(f"select distinct {quoted}::varchar from gate_rows").fetchall()
            texts |= {(column, text) for (text,) in cells if text is not None}
    return texts


def _bare(text: str) -> str:
    if text in OWN_WORDS:
        return ""
    return text.removeprefix("rest:").removesuffix(": direct").removesuffix(":direct")
