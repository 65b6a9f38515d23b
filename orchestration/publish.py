"""The only way out of the vault: exactly the content that a verdict names becomes a release, or nothing does.

A release is a folder: `quorum.duckdb`, `parquet/`, `docs/`, `report/`. Its rows are compared with the verdicts once
more after they were written, and its register's entry names the digest of every file. The vault is told what is
coming, the link is swapped, and the vault remembers it; a crash in between is healed by the next run
(orchestration/reconcile.py), which is why a night begins with `repair`. Nothing new: no release, and no file is
touched.

Deliberately absent: a flag to skip the gate, and any sight of rows that are not released.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from shutil import copytree
from typing import TYPE_CHECKING

from expectations.detectors.pseudonyms import pseudonyms
from expectations.quoting import string
from orchestration import chain, docs_site, register, release_tables, trees
from orchestration.chain import PUBLISH, RETRACT, Entry
from orchestration.clearance import Period, Refusal, Standard, cleared, content
from orchestration.inspection import inspect
from orchestration.pause import paused
from orchestration.reconcile import reconcile
from orchestration.release import KEPT, ReleaseError, Shelf
from orchestration.release_tables import Change
from orchestration.verify import REGISTER, file_digests

if TYPE_CHECKING:
    import duckdb

    from expectations.detectors import Identifiers

PAUSED = "publishing is paused"


@dataclass(frozen=True, slots=True)
class Publication:
    """What a release is made by."""

    published: Path  # the link
    clock: datetime
    tables: tuple[str, ...]
    standard: Standard
    home: Path  # where a pause is kept
    people: Callable[[], Identifiers]  # whom a written release is searched for
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


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be released: what changes, as what, for which of the enumerated reasons, judged by which policy."""

    change: Change
    policy: str
    action: str = PUBLISH
    reason: str | None = None
    alone: bool = False  # whether earlier releases go at once
    also: Callable[[str], None] = lambda _: None  # what the vault remembers with it; takes the release's id


def repair(connection: duckdb.DuckDBPyConnection, published: Path) -> Path | None:
    """Before anything else of a night: seal what a crash left unsealed, refuse what this vault did not release."""
    return reconcile(connection, Shelf(published))


def publish(connection: duckdb.DuckDBPyConnection, publication: Publication) -> Outcome:
    """Release what may be released; `connection` has the vault attached as `vault`."""
    last = repair(connection, publication.published)
    new, refusals = cleared(connection, publication.tables, publication.standard)
    if paused(publication.home) is not None:
        stayed = Counter(one.table_name for one in new)
        return Outcome(None, (*refusals, *(Refusal(table, PAUSED, count) for table, count in sorted(stayed.items()))))
    if not new:
        return Outcome(None, tuple(refusals))
    release = issue(connection, publication, last, Order(Change(tuple(new)), publication.standard.policy))
    return Outcome(release, tuple(refusals))


def issue(connection: duckdb.DuckDBPyConnection, publication: Publication, last: Path | None, order: Order) -> Release:
    """Write a release, let readers see it, and remember it; `last` is the release that they see now."""
    shelf = Shelf(publication.published)
    known = register.entries(connection, register.RELEASES)
    release_id = register.next_id(known, publication.clock)
    with shelf.staged(release_id) as folder:
        entry = _written(connection, publication, (folder, release_id, last), known, order)
        if order.action != RETRACT and paused(publication.home) is not None:
            message = f"{PAUSED}: `quorum resume` ends it. Nothing was published"
            raise ReleaseError(message)
        placed = shelf.place(folder)
    register.intend(connection, entry, order.also)
    shelf.swap(placed)
    register.seal(connection, entry)
    if order.alone:
        shelf.clear()
    else:
        shelf.prune(tuple(one.release_id for one in [*known, entry][-KEPT:]))
    return Release(release_id, placed, order.change.periods)


def _written(
    connection: duckdb.DuckDBPyConnection,
    publication: Publication,
    place: tuple[Path, str, Path | None],
    known: list[Entry],
    order: Order,
) -> Entry:
    """Everything but the register first: its newest entry names the digests of all other files.

    Taking back must not wait for a roster, for dbt, or for detectors that have grown stricter: it empties rows, and
    leaves the rest as readers had it.
    """
    folder, release_id, last = place
    change, takes_back = order.change, order.action == RETRACT
    starts = [one.period_start for one in change.periods]
    entry = Entry(
        release_id=release_id,
        released_on=publication.clock.date(),
        action=order.action,
        reason=order.reason,
        policy=order.policy,
        contents=_by_table(change.periods),
        trees=_told(chain.trees(known) if takes_back else trees.in_vault(connection, starts), starts),
        files={},
        previous=known[-1].digest if known else None,
    )
    with register.attached(connection, last), _fresh(connection, folder):
        has_last = last is not None
        release_tables.write(connection, publication.tables, change, release_id=release_id, has_last=has_last)
        if takes_back:
            release_tables.keep_companions(connection)
        else:
            release_tables.write_companions(connection, publication.dictionary)
        _compare(connection, [*known, entry])
        release_tables.write_register(connection, [*known, entry])
        release_tables.write_parquet(connection, folder / "parquet")
    _pages(folder, publication, last if takes_back else None)
    closed = replace(entry, files=file_digests(folder)).closed()
    with _fresh(connection, folder):
        release_tables.write_register(connection, [*known, closed])
        release_tables.write_parquet(connection, folder / "parquet", [Path(REGISTER).stem])
        if not takes_back:
            people = publication.people().called(pseudonyms(connection))
            inspect(connection, folder, people, publication.dictionary)
    return closed


@contextmanager
def _fresh(connection: duckdb.DuckDBPyConnection, folder: Path) -> Iterator[None]:
    """The new database as `fresh`."""
    connection.execute(f"attach {string(folder / 'quorum.duckdb')} as fresh")
    try:
        yield
    finally:
        connection.execute("detach fresh")


def _by_table(periods: Sequence[Period]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for one in periods:
        found.setdefault(one.table_name, {})[one.period_start.isoformat()] = one.digest
    return found


def _told(known: Mapping[date, str], starts: Sequence[date]) -> dict[str, str]:
    return {start.isoformat(): known[start] for start in sorted({*starts} & known.keys())}


def _compare(connection: duckdb.DuckDBPyConnection, told: list[Entry]) -> None:
    """What was written is what the register will say, row by row and tree by tree."""
    wanted = {key: one.digest for key, one in chain.standing(told).items()}
    found = {
        (one.table_name, one.period_start): one.digest
        for table in sorted({table for table, _ in wanted})
        for one in content(connection, release_tables.FRESH, table, [start for of, start in wanted if of == table])
    }
    if found != wanted or trees.in_release(connection, release_tables.FRESH) != chain.trees(told):
        message = "vault or last release changed while the release was written: run again. Nothing was published"
        raise ReleaseError(message)
    for fault in chain.history_faults(told):
        message = f"{fault}. Nothing was published"
        raise ReleaseError(message)


def _pages(folder: Path, publication: Publication, kept: Path | None) -> None:
    """The docs and the report, from what is in the release alone; the docs of the release that is kept, if any."""
    import duckdb

    from report.page import render

    if kept is not None:
        if (kept / "docs").is_dir():
            copytree(kept / "docs", folder / "docs")
    elif publication.manifest is not None:
        docs_site.write(folder / "docs" / "index.html", publication.manifest, publication.dictionary, publication.clock)
    (folder / "report").mkdir()
    with duckdb.connect(folder / "quorum.duckdb", read_only=True) as connection:
        (folder / "report" / "index.html").write_text(render(connection), encoding="utf-8")
