"""Every text that a table would publish: its cells, its columns' names, and the names of the units it speaks of.

Texts of declared domains (levels, statuses, bands, the `rest:` and `:direct` affixes) are the product's own words:
somebody whose login is one of them must not stop a table. Columns are asked as a whole, too: for exact times, unrounded
values, and one value a person.

Every text that could be published is searched: it is one of ours or a unit's. Any other is refused by the rule `shape`
or `union_of_atoms`, and searched to say what it is; beyond so many of them in a column their number alone is told.
"""

from collections import Counter
from collections.abc import Iterable
from functools import cache

import duckdb

from expectations.detectors import Identifiers, hits
from expectations.detectors.cells import of_column
from expectations.detectors.columns import fingerprints, per_person
from expectations.detectors.pseudonyms import pseudonyms
from expectations.measures import BANDS, CELL_COLUMNS, LEVELS, STATUSES, TABLES, VOCABULARY, dictionary
from expectations.scope import Case
from expectations.verdict import Finding

OWN_WORDS = frozenset(
    (*LEVELS, *STATUSES, *(band for band, _ in BANDS), *(word for of in VOCABULARY.values() for word in of))
)
CELLS = """
select 'unit_id' as column_name, atom_id as text from gate_cells
union select 'team_id', team_id from gate_cells
union select 'unit_id', unit_id from gate_units
union select 'unit_name', unit_name from gate_units
"""
UNITS = "select unnest([unit_id, 'rest:' || unit_id, unit_name]) from gate_units"
UNREGISTERED = "(unregistered)"
FOREIGN = 20_000  # texts of a column that are no unit's id or name
CUT = 256  # characters; longer texts are cut there when they are the ends of a column
AFFIXES = ("rest:", ": direct", ":direct", ": other teams")
NAME = "detectors"
UNSEARCHED = "unsearched"


def detect(case: Case, identifiers: Identifiers) -> list[Finding]:
    """Texts and columns in which a detector finds somebody, counted by detector and column.

    What cannot be read counts as found, under `detectors.unreadable`, and what is too much to be searched, under
    `detectors.unsearched`. No finding at all is one finding of none.
    """
    try:
        people = case.once(("called", identifiers), lambda: identifiers.called(pseudonyms(case.connection)))
        texts, unsearched = _searched(_texts(case), {text for (text,) in case.connection.execute(UNITS).fetchall()})
        counts = _counted(texts, people, case.once(("hits", identifiers), dict)) + unsearched
        for detector, column, count in _columns(case):
            counts[detector, column] += count
    except (duckdb.Error, ValueError, RecursionError):  # nested too deep; the error itself could hold a value
        return [Finding(f"{NAME}.unreadable", case.table.name, "", 1)]
    return findings(case.table.name, counts)


def findings(table: str, counts: Counter[tuple[str, str]]) -> list[Finding]:
    """Counts by (detector, column) as findings; one of none, if there are none."""
    found = [Finding(f"{NAME}.{name}", table, column, n) for (name, column), n in sorted(counts.items()) if n]
    return found or [Finding(NAME, table, "", 0)]


def _searched(texts: set[tuple[str, str]], units: set[str]) -> tuple[list[tuple[str, str]], Counter[tuple[str, str]]]:
    """The texts to be searched, and how many are left out, by column: of those that may not stand there anyway."""
    kept = [one for one in texts if one[1] in units]
    foreign = sorted(one for one in texts if one[1] not in units)
    many = Counter(column for column, _ in foreign)
    begun: Counter[str] = Counter()
    for column, text in foreign:
        begun[column] += 1
        if begun[column] <= FOREIGN:
            kept.append((column, text))
    return kept, Counter({(UNSEARCHED, column): count - FOREIGN for column, count in many.items() if count > FOREIGN})


def _counted(
    texts: Iterable[tuple[str, str]], people: Identifiers, found: dict[str, tuple[str, ...]]
) -> Counter[tuple[str, str]]:
    """Texts by (detector, column); a text that stands in several columns or tables is looked at once."""
    counts: Counter[tuple[str, str]] = Counter()
    for column, text in texts:
        if text not in found:
            found[text] = hits(own_words_off(text), people)
        counts.update((name, column) for name in found[text])
    return counts


def _texts(case: Case) -> set[tuple[str, str]]:
    """Distinct texts with the column they stand in; a column that is not registered goes by no name."""
    texts = {(column, text) for column, text in case.connection.execute(CELLS).fetchall() if text is not None}
    for name, kind in _described(case):
        known = name in case.table.columns
        column = name if known else UNREGISTERED
        if not known:
            texts.add((column, name))
        texts |= {(column, text) for text in of_column(case.connection, "gate_rows", name, kind)}
    return texts


def _columns(case: Case) -> Iterable[tuple[str, str, int]]:
    columns = _described(case)
    for detector, name, count in (
        *fingerprints(case.connection, "gate_rows", columns),
        *per_person(case.connection, "gate_rows", columns),
    ):
        yield detector, name if name in case.table.columns else UNREGISTERED, count


def _described(case: Case) -> list[tuple[str, str]]:
    return case.connection.execute("select column_name, data_type from gate_columns").fetchall()


def own_words_off(text: str) -> str:
    """What is left of a text without the product's own words."""
    for affix in AFFIXES:
        text = text.removeprefix(affix) if affix.endswith(":") else text.removesuffix(affix)
    return "" if text in OWN_WORDS or text in _told() or is_cut(text, _told()) else text


def is_cut(text: str, ours: Iterable[str]) -> bool:
    """The beginning of a text of ours, as a bound in a Parquet file: the last character is another one."""
    return len(text) >= CUT and any(whole.startswith(text[: CUT - 1]) for whole in ours)


@cache
def _told() -> frozenset[str]:
    """Names of registered tables and columns, and the texts that explain them."""
    names = {table.name for table in TABLES} | {column for table in TABLES for column in table.columns}
    return frozenset(names | set(CELL_COLUMNS) | {text for row in dictionary() for text in row.values()})
