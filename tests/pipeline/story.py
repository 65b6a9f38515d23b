"""The nights that the tests of the pipeline tell of, run once a session: the first one, and four after it.

The first runs with a canary in every answer and so little memory that DuckDB spills, so that every later test looks at
a home that has lived through both. What spilled or lay in the temporary folder is kept by a second link.
"""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

from expectations.measures import TABLES as REGISTERED
from tests.pipeline.between import Between
from tests.pipeline.built import Home, Night, company

CANARY = "c4naryq7zx"
CLOSES = date(2026, 10, 5)  # a block that ends on 1 November and is settled on the 9th
FIRST = date(2026, 11, 5)
CLOSING = date(2026, 11, 9)
LATER = date(2026, 12, 8)  # the next block is settled on the 7th
LAST = LATER + timedelta(days=1)
MEMORY = "180MB"  # with one thread, so that one model at a time has to live in it; it spills
TABLES = tuple(table.name for table in REGISTERED)
CLONE = "quorum-clone-"  # holds names while it is read, as docs/threat-model.md says; afterwards it is gone
LISTED = (*TABLES, "cells", "periods")


@dataclass
class Story:
    """What was seen after each night, by the night's name."""

    home: Home
    middle: Between
    first: Home  # a copy of the home as the first night left it
    kept: Path  # second links to whatever was spilled or temporary
    nights: dict[str, Night] = field(default_factory=dict)
    files: dict[str, dict[str, bytes]] = field(default_factory=dict)
    rows: dict[str, dict[str, list[tuple[object, ...]]]] = field(default_factory=dict)
    releases: dict[str, Path] = field(default_factory=dict)
    merged_before: dict[str, int] = field(default_factory=dict)  # changes in the vault merged before the first night

    def run(self, name: str, as_of: date) -> None:
        with linked((self.home.quorum / "work", self.home.folder / "tmp"), self.kept):
            self.nights[name] = self.home.night(as_of)
        self.files[name], self.releases[name] = self.home.files(), self.home.release
        self.rows[name] = {table: self.home.rows(f"select * from {table} order by all") for table in LISTED}
        with self.home.vault() as connection:
            query = "select count(*) from vault.raw.github_changes where merged_at < ?"
            self.merged_before[name] = connection.execute(query, [FIRST]).fetchone()[0]

    def periods(self, name: str) -> set[tuple[object, object]]:
        return {(row[0], row[1]) for row in self.rows[name]["periods"]}

    def sealed(self, name: str, of: str) -> dict[str, list[tuple[object, ...]]]:
        """What a night shows of the periods that an earlier one had published."""
        known = self.periods(of)
        return {
            table: [row for row in rows if ((table, row[0]) if table in TABLES else row[:2]) in known]
            for table, rows in self.rows[name].items()
        }


def tell(story: Story) -> None:
    """All nights, one after the other."""
    with company(story.middle, until=FIRST, canary=CANARY):
        story.run("first", FIRST)
        story.home.copy(story.first.folder)
        story.run("quiet", FIRST + timedelta(days=1))
        story.run("closing", CLOSING)
    with company(story.middle, until=LATER, late=True):
        story.run("late", LATER)
    with company(story.middle, until=LATER, late=True, roster_fix=True):
        story.run("repaired", LAST)


@contextmanager
def linked(folders: tuple[Path, ...], kept: Path) -> Iterator[None]:
    """Keep a second name for every file that shows up meanwhile, so that it can be read after it is gone."""
    kept.mkdir(exist_ok=True)
    over = threading.Event()

    def watch() -> None:
        while not over.is_set():
            for folder in folders:
                for place, inside, names in os.walk(folder):
                    inside[:] = [one for one in inside if not one.startswith(CLONE)]
                    for name in names:
                        keep(Path(place, name), kept)
            time.sleep(0.02)

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def keep(path: Path, kept: Path) -> None:
    with suppress(OSError):  # gone already, or kept already
        os.link(path, kept / f"{path.stat().st_ino}-{path.name}", follow_symlinks=False)
