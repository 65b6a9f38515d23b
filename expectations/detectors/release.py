"""The detectors over a written release, before readers see it: its catalogue, its cells, its Parquet files, its bytes.

What is registered is declared in `measures.py`; the caller declares the house's own tables (units, periods, register,
dictionary) and words. In a column declared as `DIGEST` the digests of contents are spared by the patterns, but are
compared with those of people like any other. Whatever a release has beside tables
(views, macros, comments, defaults …) is refused as such, and its texts are read as well, so that a finding says what it
is. The gate has judged the rows before; this is about the file that was made of them.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import duckdb

from expectations.detectors import PATTERNS, VALUES, hits
from expectations.detectors.cells import of_column
from expectations.detectors.columns import fingerprints
from expectations.detectors.files import footer, remains
from expectations.detectors.identifiers import Identifiers
from expectations.kinds import DIGEST
from expectations.measures import CELL_COLUMNS, TABLES
from expectations.quoting import identifier, string
from expectations.text import UNREGISTERED, findings, is_cut, own_words_off
from expectations.verdict import Finding

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CONTENT = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
CATALOGUE = "catalogue"
TRACES = ("remains", "")
CUT = re.compile(r"[0-9a-f]{1,63}.?$")  # statistics keep the first bytes of a long text, the last one raised
OTHER_TAGS = "list_filter(map_entries(tags), lambda one: one.key <> 'storage_version')"
FOREIGN = {
    "view_name, sql, comment, tags::varchar": "duckdb_views()",
    "function_name, macro_definition, comment, tags::varchar, parameters::varchar": "duckdb_functions()",
    "sequence_name, sql, comment, tags::varchar": "duckdb_sequences()",
    "index_name, expressions, sql, comment, tags::varchar": "duckdb_indexes()",
    "type_name, labels::varchar, comment, tags::varchar": "duckdb_types()",
    "table_name, sql, comment, tags::varchar": "duckdb_tables()",
    "constraint_text, constraint_name": "duckdb_constraints()",
    "schema_name, comment, tags::varchar": "duckdb_schemas()",
    f"comment, nullif({OTHER_TAGS}::varchar, '[]')": "duckdb_databases()",
}
OURS = {
    "duckdb_schemas()": "and (schema_name <> 'main' or comment is not null or cardinality(tags) > 0)",
    "duckdb_databases()": f"and (comment is not null or len({OTHER_TAGS}) > 0)",
    "duckdb_tables()": "and schema_name <> 'main'",
    "duckdb_sequences()": "",
    "duckdb_indexes()": "",
    "duckdb_constraints()": "",
}
Counts = Counter[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Written:
    """A release as it lies on the disk: its catalogue's name in the connection, its files, and its declared tables."""

    catalog: str
    file: Path
    parquet: tuple[Path, ...]
    house: Mapping[str, Mapping[str, str]]  # the house's own tables: columns with their types
    pages: tuple[Path, ...] = ()
    words: frozenset[str] = frozenset()  # what the house itself writes: file names, actions, reasons, explanations

    @property
    def declared(self) -> dict[str, dict[str, str]]:
        """Every table's columns with their types."""
        tables = {table.name: dict(table.columns) for table in TABLES}
        return {**tables, "cells": dict(CELL_COLUMNS), **{name: dict(columns) for name, columns in self.house.items()}}


def scan(connection: "DuckDBPyConnection", written: Written, people: Identifiers) -> list[Finding]:
    """All findings over a release; its database is attached to the connection. What cannot be read is found."""
    reader = _Reader(connection, written, people)
    try:
        found = [*reader.catalogue(), *reader.tables(), *reader.parquet()]
    except (duckdb.Error, OSError, ValueError, RecursionError):
        return [Finding("detectors.unreadable", "", "", 1)]
    return [one for one in found if one.count] or [Finding("detectors", "", "", 0)]


class _Reader:
    """One release being read; remembers what it made of each text, and which texts are alive."""

    def __init__(self, connection: "DuckDBPyConnection", written: Written, people: Identifiers) -> None:
        self._connection, self._written, self._people = connection, written, people
        self._declared = written.declared
        names = {name for columns in self._declared.values() for name in columns}
        self._own = written.words | names | set(self._declared)
        self._seen: dict[tuple[str, bool], tuple[str, ...]] = {}

    def catalogue(self) -> Iterator[Finding]:
        """What a release must not have; and tables, columns and types against the allow-list."""
        foreign: Counts = Counter()
        for columns, source in FOREIGN.items():
            also = OURS.get(source, "and not internal")
            query = f"select {columns} from {source} where database_name = ? {also}"
            for row in self._connection.execute(query, [self._written.catalog]).fetchall():
                foreign[CATALOGUE, ""] += 1
                self._count(foreign, "", filter(None, row))
        yield from findings("", foreign)
        for table in self._tables():
            yield from findings(self._shown(table), self._catalogued(table))

    def tables(self) -> Iterator[Finding]:
        """Every cell of every table."""
        for table in self._tables():
            relation = f"{identifier(self._written.catalog)}.main.{identifier(table)}"
            yield from findings(self._shown(table), self._cells(table, relation))

    def parquet(self) -> Iterator[Finding]:
        """Every Parquet file: its name, its columns, its footer, its cells; and the bytes of all files."""
        for path in self._written.parquet:
            counts: Counts = Counter()
            known = self._declared.get(path.stem, {})
            if not known:
                counts[CATALOGUE, ""] += 1
            self._count(counts, "", (path.stem,))
            for column, text in footer(path):
                shown = column if not column or column in known else UNREGISTERED
                digests = known.get(column) == DIGEST
                self._count(counts, shown, (CUT.sub("", text) if digests else text,), digests=digests)
            relation = f"read_parquet({string(path)})"
            counts += self._cells(path.stem, relation)
            yield from findings(self._shown(path.stem), counts)
        alive = {text for text, _ in self._seen}
        for path in (self._written.file, *self._written.parquet, *self._written.pages):
            count = remains(path, self._people, alive, telling=path in self._written.pages)
            yield from findings(self._shown(path.stem) if path.suffix == ".parquet" else "", Counter({TRACES: count}))

    def _catalogued(self, table: str) -> Counts:
        """Comments, tags, defaults and constraints of a table, and columns that nobody declared."""
        counts: Counts = Counter()
        known = self._declared.get(table, {})
        if not known:
            counts[CATALOGUE, ""] += 1
            self._count(counts, "", (table,))
        notes = self._connection.execute(
            "select comment, tags::varchar from duckdb_tables() where database_name = ? and schema_name = 'main' "
            "and table_name = ? and (comment is not null or cardinality(tags) > 0)",
            [self._written.catalog, table],
        ).fetchall()
        columns = self._connection.execute(
            "select column_name, data_type, comment, column_default from duckdb_columns() "
            "where database_name = ? and schema_name = 'main' and table_name = ?",
            [self._written.catalog, table],
        ).fetchall()
        for row in notes:
            counts[CATALOGUE, ""] += 1
            self._count(counts, "", filter(None, row))
        for name, kind, comment, default in columns:
            shown = name if name in known else UNREGISTERED
            plain = "VARCHAR" if known.get(name) == DIGEST else known.get(name)
            counts[CATALOGUE, shown] += (plain != kind) + (comment is not None) + (default is not None)
            self._count(counts, shown, filter(None, (name, comment, default)))
        counts[CATALOGUE, ""] += len(set(known) - {name for name, *_ in columns})
        return counts

    def _cells(self, table: str, relation: str) -> Counts:
        counts: Counts = Counter()
        known = self._declared.get(table, {})
        described = self._connection.execute(f"describe select * from {relation}").fetchall()
        columns = [(name, kind) for name, kind, *_ in described]
        for name, kind in columns:
            texts = of_column(self._connection, relation, name, kind)
            shown = name if name in known else UNREGISTERED
            self._count(counts, shown, texts, digests=known.get(name) == DIGEST)
        for detector, name, count in fingerprints(self._connection, relation, columns):
            counts[detector, name if name in known else UNREGISTERED] += count
        return counts

    def _count(self, counts: Counts, column: str, texts: Iterable[str], *, digests: bool = False) -> None:
        for text in texts:
            if (text, digests) not in self._seen:
                bare = "" if text in self._own or is_cut(text, self._own) else own_words_off(text)
                found = hits(CONTENT.sub("", bare) if digests else bare, self._people, PATTERNS)
                self._seen[text, digests] = (*found, *hits(bare, self._people, VALUES))
            counts.update((name, column) for name in self._seen[text, digests])

    def _tables(self) -> list[str]:
        rows = self._connection.execute(
            "select table_name from duckdb_tables() where database_name = ? and schema_name = 'main' order by 1",
            [self._written.catalog],
        ).fetchall()
        return [name for (name,) in rows]

    def _shown(self, table: str) -> str:
        return table if table in self._declared else UNREGISTERED
