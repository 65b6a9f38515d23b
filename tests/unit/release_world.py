"""A vault of two tables and a folder to publish into, small enough to know every row of."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import duckdb
import pytest

from expectations.detectors import Identifiers
from expectations.measures import COLUMNS, dictionary, table_named
from expectations.policy import Policy
from orchestration.clearance import Standard, content
from orchestration.clock import midnight
from orchestration.policies import freeze
from orchestration.publish import Outcome, Publication, publish, repair
from orchestration.tables import make_ops, set_clock

P1, P2, P3 = date(2026, 8, 10), date(2026, 9, 7), date(2026, 10, 5)
TODAY = date(2026, 11, 23)
POLICY, RULES = Policy().fingerprint, "rules-1"
TABLES = {"team_delivery": "changes_merged", "team_tasks": "tasks_completed"}
COMPANIONS = {"cells", "periods", "units", "movers", "releases", "metric_dictionary"}
UNITS = [("acme", None, "org", "Acme"), ("web", "acme", "group", "Web")]
FROZEN = """
create table vault.protected.cells (table_name varchar, period_start date, unit_id varchar, team_id varchar);
create table vault.intermediate.int_units
    (period_start date, unit_id varchar, parent_id varchar, unit_level varchar, unit_name varchar);
create table vault.intermediate.int_members (period_start date, team_id varchar, person_key varchar);
create table vault.intermediate.int_accounts (period_start date, account_key varchar, person_key varchar);
"""


@dataclass
class World:
    """The open vault, and what a release is made by."""

    vault: duckdb.DuckDBPyConnection
    publication: Publication

    @property
    def published(self) -> Path:
        return self.publication.published

    def block(self, start: date, value: int = 20, tables=tuple(TABLES), teams=("red", "blue")) -> None:
        """Candidates of one period, with the tree of its block."""
        units = [*UNITS, *((team, "web", "team", team.title()) for team in teams)]
        self.vault.execute("delete from vault.intermediate.int_units where period_start = ?", [start])
        for unit in units:
            self.vault.execute("insert into vault.intermediate.int_units values (?, ?, ?, ?, ?)", [start, *unit])
        for table in tables:
            for unit_id, _, level, _ in reversed(units):
                row = [start, start + timedelta(days=27), unit_id, level, "published", "6-9", value]
                names = f"{', '.join(COLUMNS)}, {TABLES[table]}"
                self.vault.execute(f"insert into vault.protected.{table} ({names}) values (?, ?, ?, ?, ?, ?, ?)", row)
            for team in teams:
                self.vault.execute("insert into vault.protected.cells values (?, ?, ?, ?)", [table, start, team, team])

    def judge(self, *starts: date, tables=tuple(TABLES), passed=True, policy=POLICY) -> None:
        """Verdicts for what stands there now."""
        for table in tables:
            for one in content(self.vault, "vault.protected", table, starts):
                values = [table, one.period_start, one.digest, "e", policy, RULES, passed, "[]", midnight(TODAY)]
                self.vault.execute("insert into vault.ops.verdicts values (?, ?, ?, ?, ?, ?, ?, ?, ?)", values)

    def publish(self, **changed: object) -> Outcome:
        return publish(self.vault, replace(self.publication, **changed))

    def released(self, *starts: date) -> Outcome:
        """These periods, judged and published at once."""
        for start in starts:
            self.block(start)
        self.judge(*starts)
        return self.publish()

    def repair(self) -> Path | None:
        return repair(self.vault, self.published)

    def rows(self, query: str) -> list[tuple[object, ...]]:
        """Ask the release, as an analyst does."""
        with duckdb.connect(self.published.resolve() / "quorum.duckdb", read_only=True) as database:
            return database.execute(query).fetchall()

    def edit(self, statement: str) -> None:
        """Tamper with the database of the release that readers see."""
        with duckdb.connect(self.published.resolve() / "quorum.duckdb") as database:
            database.execute(statement)

    def files(self) -> dict[str, object]:
        """All there is beside the link: names, bytes, times, links."""
        return {
            str(path): (
                path.lstat().st_mtime_ns,
                str(path.readlink()) if path.is_symlink() else path.is_file() and path.read_bytes(),
            )
            for path in sorted(self.published.parent.rglob("*"))
        }


@contextmanager
def world(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """A world whose report is one line: the real one is drawn in its own test."""
    monkeypatch.setattr(
        "report.page.render", lambda base: f"{base.execute('select release_id from releases').fetchall()}"
    )
    connection = duckdb.connect(":memory:")
    connection.execute("attach ':memory:' as vault")
    make_ops(connection)
    set_clock(connection, midnight(TODAY))
    freeze(connection, Policy())
    connection.execute("create schema vault.protected; create schema vault.intermediate")
    for table in TABLES:
        columns = ", ".join(f"{name} {kind}" for name, kind in table_named(table).columns.items())
        connection.execute(f"create table vault.protected.{table} ({columns})")
    connection.execute(FROZEN)
    publication = Publication(
        published=folder / "home" / "published",
        clock=midnight(TODAY),
        tables=tuple(TABLES),
        standard=Standard(POLICY, RULES, lambda *_: "e"),
        home=folder / "home",
        dictionary=[row for row in dictionary() if row["table_name"] in TABLES],
        people=lambda: Identifiers(["nobody at all"]),
    )
    try:
        yield World(connection, publication)
    finally:
        connection.close()
