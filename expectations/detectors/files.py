"""What the files of a release hold beside rows: Parquet's footer, pages, and bytes that no row accounts for.

DuckDB leaves dropped rows readable in its pages, which is why a release is written anew; this proves it was. Bytes are
searched for identifiers of eight letters and digits or more, since chance alone makes shorter ones out of compressed
bytes; what DuckDB had compressed before it was dropped is not seen. Pseudonyms are searched as well, whole or cut to
so many hex digits that chance makes none.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from expectations.detectors.folding import fold, words
from expectations.detectors.identifiers import Identifiers

LONG = 8
KEY = re.compile(rb"[0-9A-Fa-f]{12,}")
WORDS = re.compile(rb"[A-Za-z0-9\x80-\xff]+")
MAKER = re.compile(r"DuckDB version v[\d.]+(?:-[\w.]+)?(?: \(build [0-9a-f]+\))?|parquet-cpp-arrow version [\d.]+")
SCHEMA = b"ARROW:schema"  # pyarrow's copy of the columns, in base64; they are read from the schema itself


def footer(path: Path) -> Iterator[tuple[str, str]]:
    """(column, text) of a footer: key-value metadata, the maker, columns' names and metadata, ends of statistics.

    The column is empty where a text belongs to the whole file.
    """
    import pyarrow.parquet as pq

    file = pq.ParquetFile(path)
    meta = file.metadata
    if meta.created_by and not MAKER.fullmatch(meta.created_by):
        yield "", meta.created_by
    yield from (("", text) for text in _pairs(meta.metadata))
    for field in file.schema_arrow:
        yield from ((field.name, text) for text in (field.name, *_pairs(field.metadata)))
    for group in range(meta.num_row_groups):
        for at in range(meta.num_columns):
            chunk = meta.row_group(group).column(at)
            column = str(chunk.path_in_schema).partition(".")[0]
            yield from ((column, text) for text in _ends(chunk.statistics if chunk.is_stats_set else None))


def _pairs(metadata: "dict[bytes, bytes] | None") -> Iterator[str]:
    for key, value in (metadata or {}).items():
        if key not in (SCHEMA, b"PARQUET:field_id"):
            yield key.decode("utf-8", "replace")
            yield value.decode("utf-8", "replace")


def _ends(statistics: object) -> Iterator[str]:
    for end in (getattr(statistics, "min", None), getattr(statistics, "max", None)):
        if isinstance(end, bytes):
            yield end.decode("utf-8", "replace")
        elif isinstance(end, str):
            yield end


def remains(path: Path, people: Identifiers, alive: Iterable[str], *, telling: bool = False) -> int:
    """How many identifiers stand in a file's bytes but in none of the texts that are alive in it.

    `telling`: single words without a digit are left out, as in a page, whose scripts are full of words.
    """
    data = path.read_bytes()
    found = {run for run in _runs(data, people) if not telling or not run.isalpha()}
    found |= {key for key in (one.decode().lower() for one in set(KEY.findall(data))) if people.pseudonyms.has(key)}
    if not found:
        return 0
    living = " | ".join(words(fold(text)) for text in alive)
    return sum(run not in living for run in found)


def _runs(data: bytes, people: Identifiers) -> set[str]:
    """Identifiers in bytes, as runs of whole words."""
    long = {run for run in people.runs if len(run) >= LONG}
    first = {run.partition(" ")[0] for run in long}
    read = WORDS.findall(data)
    folded = {word: fold(word.decode("utf-8", "replace")) for word in set(read)}
    if first.isdisjoint(folded.values()):
        return set()
    parts = [folded[word] for word in read]
    found = set()
    for at, word in enumerate(parts):
        if word in first:
            runs = (" ".join(parts[at : at + more + 1]) for more in range(people.most_words))
            found |= {run for run in runs if run in long}
    return found
