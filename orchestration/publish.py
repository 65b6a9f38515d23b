"""The only way out of the vault: exactly the content that a verdict names becomes a release, or nothing does.

A release is a folder: `quorum.duckdb`, `parquet/`, `docs/`, `report/`. Its rows are compared with the verdicts once
more after they were written. Then the link is swapped, and only then is the vault told (`ops.sealed`, `ops.releases`);
a crash between the two is healed by the next run (orchestration/register.py), which is why a night begins with
`repair`. Nothing new: no release, and no file is touched.

Deliberately absent: a flag to skip the gate, and any sight of rows that are not released.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration import docs_site, release_tables
from orchestration.clearance import Period, Refusal, Standard, cleared
from orchestration.register import Entry, attached, entries, next_id, reconcile, register_digest, released, seal, sealed
from orchestration.release import KEPT, ReleaseError, Shelf

if TYPE_CHECKING:
    import duckdb


@dataclass(frozen=True, slots=True)
class Publication:
    """What a release is made by."""

    published: Path  # the link
    clock: datetime
    tables: tuple[str, ...]
    standard: Standard
    dictionary: Sequence[Mapping[str, object]] = ()
    manifest: Path | None = None  # dbt's; without it there are no docs


@dataclass(frozen=True, slots=True)
class Release:
    """A release that readers see."""

    release_id: str
    path: Path
    periods: tuple[Period, ...]  # those it brought


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a night: a release or none, and the tables that stayed back."""

    release: Release | None
    refusals: tuple[Refusal, ...]


def repair(connection: duckdb.DuckDBPyConnection, published: Path) -> Path | None:
    """Before anything else of a night: seal what a crash left unsealed, refuse what this vault did not release."""
    return reconcile(connection, Shelf(published))


def publish(connection: duckdb.DuckDBPyConnection, publication: Publication) -> Outcome:
    """Release what may be released; `connection` has the vault attached as `vault`."""
    last = repair(connection, publication.published)
    new, refusals = cleared(connection, publication.tables, publication.standard)
    if not new:
        return Outcome(None, tuple(refusals))
    shelf = Shelf(publication.published)
    before = entries(connection, "vault.ops")
    release_id = next_id(connection, publication.clock)
    with shelf.staged(release_id) as folder:
        with attached(connection, last):
            entry, rows = _write(connection, publication, new, (folder, release_id), has_last=last is not None)
        _pages(folder, publication)
        placed = shelf.place(folder)
    shelf.swap(placed)
    seal(connection, entry, rows)
    shelf.prune(tuple(one.release_id for one in [*before, entry][-KEPT:]))
    return Outcome(Release(release_id, placed, tuple(new)), tuple(refusals))


def _write(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication,
    new: list[Period],
    place: tuple[Path, str],
    *,
    has_last: bool,
) -> tuple[Entry, list[tuple[Period, str]]]:
    folder, release_id = place
    path = str(folder / "quorum.duckdb").replace("'", "''")
    connection.execute(f"attach '{path}' as fresh")
    try:
        release_tables.write(connection, publication.tables, new, release_id=release_id, has_last=has_last)
        rows = released(connection, release_tables.FRESH)
        written = {one for one, brought in rows if brought == release_id}
        kept = {(one.table_name, one.period_start): one.digest for one, brought in rows if brought != release_id}
        if written != set(new) or kept != sealed(connection):
            message = "vault or last release changed while the release was written: run again. Nothing was published"
            raise ReleaseError(message)
        digest = register_digest(one for one, _ in rows)
        entry = Entry(release_id, publication.clock.date(), publication.standard.policy, digest)
        release_tables.write_register(connection, [*entries(connection, "vault.ops"), entry])
        release_tables.write_dictionary(connection, publication.dictionary)
        release_tables.write_parquet(connection, folder / "parquet")
    finally:
        connection.execute("detach fresh")
    return entry, rows


def _pages(folder: Path, publication: Publication) -> None:
    """The docs and the report, from what is in the release alone."""
    import duckdb

    from report.page import render

    if publication.manifest is not None:
        docs_site.write(folder / "docs" / "index.html", publication.manifest, publication.dictionary, publication.clock)
    (folder / "report").mkdir()
    with duckdb.connect(folder / "quorum.duckdb", read_only=True) as connection:
        (folder / "report" / "index.html").write_text(render(connection), encoding="utf-8")
