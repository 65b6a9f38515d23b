"""A write-ahead log that a full disk left half written is given up.

DuckDB passes over an end that is missing; where an entry was half written and others followed, it says of an encrypted
log that a tag differs, and opens nothing (tried with 1.5.5: three of four nights whose disk was full while dbt ran).
The file itself is whole as of its last checkpoint, and cursors stand in it beside the rows they belong to: what only
the log held is read and built again.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

TORN = "AES tag"


def without_torn_log(path: Path, attach: Callable[[], None]) -> None:
    """Attach the file at `path`; where only its log stands in the way, without it. Else everything stays as it was."""
    import duckdb

    log = path.with_name(f"{path.name}.wal")
    try:
        attach()
    except duckdb.Error as error:
        if TORN not in str(error) or not log.exists():
            raise
    else:
        return
    aside = log.replace(log.with_suffix(".torn"))
    try:
        attach()
    except BaseException:
        aside.replace(log)
        raise
    aside.unlink()
