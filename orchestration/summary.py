"""What a night tells in the end: what was extracted and published, how teams fare in the newest period, where all
lies.

The teams' figures come from the release alone, so they say nothing that a reader of the release does not see.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from expectations.quoting import string

if TYPE_CHECKING:
    import duckdb

    from orchestration.settings import Settings

FILES = {"database": "quorum.duckdb", "tables": "parquet", "docs": "docs/index.html", "report": "report/index.html"}


@dataclass(frozen=True, slots=True)
class Fare:
    """How the teams of a table fare in its newest published period."""

    table: str
    period: date
    periods: int
    own: int
    merged: int
    withheld: int

    def __str__(self) -> str:
        return (
            f"{self.table}: {self.periods} periods; in the one from {self.period}, {self.own} teams have a row of "
            f"their own, {self.merged} are merged, {self.withheld} are withheld"
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """How a night ended: what failed, how teams fare, tables without a system, doubtful records."""

    green: bool
    faults: list[str] = field(default_factory=list)
    fares: list[Fare] = field(default_factory=list)
    without: list[str] = field(default_factory=list)
    doubtful: list[str] = field(default_factory=list)


def summary(settings: Settings, notes: Mapping[str, str], ended: Ended) -> Iterator[str]:
    """The lines of the summary."""
    extracted = {step.removeprefix("raw/"): note for step, note in notes.items() if step.startswith("raw/") and note}
    yield "extracted"
    yield from (f"  {system}: {note}" for system, note in extracted.items())
    yield f"published: {notes.get('publish', 'nothing')}"
    yield from (f"  {fare}" for fare in ended.fares)
    yield from (f"  {table}: no system that it needs is in quorum.yaml" for table in ended.without)
    yield "doubtful: nothing" if not ended.doubtful else "doubtful, or in no number (`quorum doubts` says what to do)"
    yield from (f"  {line}" for line in ended.doubtful)
    yield "blocked or failed: nothing" if not ended.faults else "blocked or failed"
    yield from (f"  {fault}" for fault in ended.faults)
    found = {what: settings.published / name for what, name in FILES.items() if (settings.published / name).exists()}
    yield from (f"{what}: {_shown(path)}" for what, path in found.items())


def fares(connection: duckdb.DuckDBPyConnection, published: Path, tables: Sequence[str]) -> list[Fare]:
    """How the teams fare, table by table."""
    file = (published / "quorum.duckdb").resolve()
    if not file.exists():
        return []
    connection.execute(f"attach {string(file)} as shown (read_only)")
    try:
        found = [_fare(connection, table) for table in tables]
        return [fare for fare in found if fare is not None]
    finally:
        connection.execute("detach shown")


def _fare(connection: duckdb.DuckDBPyConnection, table: str) -> Fare | None:
    from expectations.measures import table_named

    known = connection.execute(
        "select 1 from duckdb_tables() where database_name = 'shown' and table_name = ?", [table]
    ).fetchone()
    if known is None:
        return None
    row = connection.execute(
        f"""
        with newest as (select max(period_start) as period_start from shown.main.{table}),
        teams as (
            select unit_id as team_id from shown.main.{table} join newest using (period_start) where unit_level = 'team'
        ),
        atoms as (
            select team_id, unit_id = team_id as is_own from shown.main.cells join newest using (period_start)
            where table_name = ?
        )
        select
            (select period_start from newest),
            (select count(distinct period_start) from shown.main.{table}),
            count(*) filter (is_own), count(*) filter (not is_own), count(*) filter (is_own is null)
        from teams left join atoms using (team_id)
        """,
        [table_named(table).source or table],
    ).fetchone()
    return Fare(table, *row) if row and row[0] else None


def _shown(path: Path) -> str:
    """Relative to the working folder where it lies below."""
    here = Path.cwd()
    return str(path.relative_to(here) if path.is_relative_to(here) else path)
