"""Whether a release is what its register says: the chain, the rows, the trees, and every file that readers open.

It needs the release alone: no vault, no key, no network. The database is opened apart from everything else, and a
view, a macro or a comment in it is a fault before any row is read, since the file may have been made to do harm. What
the release proves by itself is that it agrees with itself; that nobody has written it anew as a whole is proved by
the vault each night, and by whoever has noted a digest of an earlier release (`noted`).
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.content import contents
from expectations.quoting import string
from orchestration import chain, trees
from orchestration.chain import Entry, standing
from orchestration.errors import QuorumError
from orchestration.register import LAST, entries
from orchestration.release import ReleaseError

if TYPE_CHECKING:
    import duckdb

DATABASE = "quorum.duckdb"
REGISTER = "parquet/releases.parquet"  # it names the digests of the others, so it cannot name its own
UNSIGNED = frozenset({DATABASE, REGISTER})
COMPANIONS = ("cells", "metric_dictionary", "movers", "periods", "releases", "units")
NAME = re.compile(r"[a-z][a-z0-9_]{0,62}")
STRANGE = """
select count(*) from (
    select 1 from duckdb_views() where database_name = 'last' and not internal
    union all select 1 from duckdb_functions() where database_name = 'last' and not internal
    union all select 1 from duckdb_types() where database_name = 'last' and not internal
    union all select 1 from duckdb_sequences() where database_name = 'last'
    union all select 1 from duckdb_indexes() where database_name = 'last'
    union all select 1 from duckdb_constraints() where database_name = 'last'
    union all select 1 from duckdb_schemas() where database_name = 'last' and schema_name <> 'main' and not internal
    union all select 1 from duckdb_tables()
    where database_name = 'last' and (comment is not null or cardinality(tags) > 0)
    union all select 1 from duckdb_columns()
    where database_name = 'last' and not internal and (comment is not null or column_default is not null)
)
"""


class VerifyError(QuorumError):
    """A release is not what its register says."""

    exit_code = 4


@dataclass(frozen=True, slots=True)
class Examined:
    """The register of a release (None: it cannot be read), and what is wrong, one sentence each, no value in it."""

    entries: list[Entry] | None
    faults: tuple[str, ...]


def examined(release: Path, noted: str | None = None) -> Examined:
    """Everything that can be checked of a release by itself; `noted`: a digest that its chain must hold."""
    import duckdb

    if not (release / DATABASE).is_file():
        return Examined(None, (f"holds no {DATABASE}",))
    try:
        with _apart(release) as connection:
            tables = _tables(connection)
            known = entries(connection, f"{LAST}.releases")
            found = [*chain.faults(known), *_noted(known, noted)]
            found += _rows(connection, known, tables) if not found else []
            found += _copies(connection, release, tables)
    except ReleaseError as error:
        return Examined(None, (str(error),))
    except duckdb.Error:
        return Examined(None, (f"{DATABASE} cannot be read as a release",))
    return Examined(known, (*found, *_files(release, known)))


def file_digests(release: Path) -> dict[str, str]:
    """The SHA-256 of every file that an entry names, by its path in the release."""
    paths = {path.relative_to(release).as_posix(): path for path in sorted(release.rglob("*")) if not path.is_dir()}
    return {name: _sha256(path) for name, path in paths.items() if name not in UNSIGNED}


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


@contextmanager
def _apart(release: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The release as `last`, in a connection that sees its folder and nothing else."""
    import duckdb

    with duckdb.connect(":memory:") as connection:
        connection.execute(f"set allowed_directories = [{string(release)}]")
        connection.execute("set enable_external_access = false")
        connection.execute(f"attach {string(release / DATABASE)} as last (read_only)")
        yield connection


def _tables(connection: duckdb.DuckDBPyConnection) -> list[str]:
    """The tables of a release, whose catalogue holds nothing else; their names become SQL."""
    strange = connection.execute(STRANGE).fetchone()
    rows = connection.execute("select table_name from duckdb_tables() where database_name = 'last' order by 1")
    names = [name for (name,) in rows.fetchall()]
    if strange is None or strange[0] or not all(NAME.fullmatch(name) for name in names):
        message = f"{DATABASE} holds something that is not a table of a release"
        raise ReleaseError(message)
    return names


def _noted(known: Sequence[Entry], noted: str | None) -> Iterator[str]:
    if noted is not None and noted not in {one.digest for one in known}:
        yield "the chain does not hold the digest that was noted: the past was written anew"


def _rows(connection: duckdb.DuckDBPyConnection, known: Sequence[Entry], tables: Sequence[str]) -> Iterator[str]:
    """Released rows and trees, and nothing beyond them."""
    told = standing(known)
    rows = connection.execute(f"select table_name, period_start, release_id from {LAST}.periods").fetchall()
    if sorted((table, start, brought) for table, start, brought in rows) != sorted(
        (*key, one.release_id) for key, one in told.items()
    ):
        yield "table periods: it does not list the periods that the register names"
    for table in sorted({table for table, _ in told} | {*tables} - {*COMPANIONS}):
        wanted = {start: one.digest for (of, start), one in told.items() if of == table}
        found = contents(connection, f"{LAST}.{table}", f"{LAST}.cells", table) if table in tables else {}
        if found != wanted:
            yield f"table {table}: the rows are not those that were released"
    (stray,) = connection.execute(
        f"select count(*) from {LAST}.cells as c anti join {LAST}.periods as p "
        "on p.table_name = c.table_name and p.period_start = c.period_start"
    ).fetchone() or (1,)
    if stray:
        yield "table cells: it names periods that were not released"
    if trees.in_release(connection, LAST) != chain.trees(known):
        yield "table units: the tree is not the one that was released"


def _copies(connection: duckdb.DuckDBPyConnection, release: Path, tables: Sequence[str]) -> Iterator[str]:
    """Each Parquet file has its table's rows; those of the team tables are told by their digests already."""
    for table in [one for one in COMPANIONS if one in tables]:
        path = release / "parquet" / f"{table}.parquet"
        if not path.is_file():
            yield f"parquet/{table}.parquet is missing"
            continue
        ours, theirs = f"select * from {LAST}.{table}", f"select * from read_parquet({string(path)})"
        rows = connection.execute(f"({ours} except all {theirs}) union all ({theirs} except all {ours})").fetchall()
        if rows:
            yield f"parquet/{table}.parquet and table {table} do not hold the same rows"


def _files(release: Path, known: Sequence[Entry]) -> Iterator[str]:
    wanted, found = known[-1].files if known else {}, file_digests(release)
    for name in sorted(wanted.keys() | found.keys()):
        if name not in found:
            yield f"{name} is missing"
        elif name not in wanted:
            yield "it holds a file that was not released"
        elif wanted[name] != found[name]:
            yield f"{name} was changed"
