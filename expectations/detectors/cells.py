"""The texts of a column: of every cell, down to the leaves of JSON, lists, structs and maps, keys included.

A type speaks as well: the words of an enum and the names of a struct's fields stand in it. Bytes are read as UTF-8 and,
where they hold zero bytes, as UTF-16. A text that is JSON is read leaf by leaf.
"""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING

from expectations.quoting import identifier

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

NUMBERS = (
    *(
        "TINYINT",
        "SMALLINT",
        "INTEGER",
        "BIGINT",
        "HUGEINT",
        "UTINYINT",
        "USMALLINT",
        "UINTEGER",
        "UBIGINT",
        "UHUGEINT",
    ),
    *("FLOAT", "DOUBLE"),
)
WORDLESS = (*NUMBERS, "DATE", "BOOLEAN")
TEXTUAL = ("VARCHAR", "JSON")
JSON_STARTS = ("{", "[", '"')


def wordless(kind: str) -> bool:
    """Whether a column of this type holds no text (times do: they are told apart elsewhere)."""
    return kind in WORDLESS or kind.startswith(("DECIMAL(", "TIME", "INTERVAL")) and not kind.endswith("]")


def of_column(connection: "DuckDBPyConnection", relation: str, name: str, kind: str) -> set[str]:
    """The distinct texts of a column of this type; raises what DuckDB raises."""
    if wordless(kind):
        return set()
    column = identifier(name)
    rows = connection.execute(f"select distinct {column} from {relation} where {column} is not null").fetchall()
    texts = {text for (value,) in rows for text in leaves(value)}
    return texts if kind in TEXTUAL else {kind, *texts}


def leaves(value: object) -> Iterator[str]:
    """Every text in a value; one that is no text, list, struct, map or bytes as DuckDB prints it."""
    if isinstance(value, str):
        parsed = _parsed(value) if value.lstrip().startswith(JSON_STARTS) else value
        if parsed == value:
            yield value
        else:
            yield from leaves(parsed)
    elif isinstance(value, bytes | bytearray | memoryview):
        data = bytes(value)
        yield data.decode("utf-8", "replace")
        if b"\0" in data:
            yield data.decode("utf-16-le", "replace")
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(key)
            yield from leaves(inner)
    elif isinstance(value, list | tuple | set):
        for inner in value:
            yield from leaves(inner)
    elif value is not None and not isinstance(value, bool | int | float):
        yield str(value)


def _parsed(text: str) -> object:
    try:
        return json.loads(text)
    except ValueError:
        return text
