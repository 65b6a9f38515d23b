"""The drill on what is written: leaks planted in copies of the release that readers see, for the publisher's last look.

A copy lies in the home while it is looked through. What an honest copy gives already is no catch: after an upgrade, the
last release may lack a column.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from expectations.drill.plants import ADDRESS, CANARIES, LOGIN
from expectations.drill.trial import Outcome
from expectations.quoting import string
from orchestration.inspection import inspected
from orchestration.release import Shelf
from orchestration.vault import in_memory

if TYPE_CHECKING:
    from expectations.verdict import Finding
    from orchestration.settings import Settings

RELEASE = "written release"


@dataclass(frozen=True, slots=True)
class Written:
    """One leak: a statement on the release, attached as `fresh`, or an address at the end of a page."""

    name: str
    statement: str = ""
    page: str = ""


WRITTEN = (
    Written("an address as a comment", f"comment on table fresh.main.units is '{ADDRESS}'"),
    Written("a view", "create view fresh.main.seen as select 1 as one"),
    Written("a table that nobody declared", f"create table fresh.main.people as select '{LOGIN}' as login"),
    Written("a column that nobody declared", "alter table fresh.main.units add column people bigint"),
    Written("an address in a cell", f"update fresh.main.units set unit_name = '{ADDRESS}'"),
    Written("an exact number of movers", "update fresh.main.movers set joined = '7'"),
    Written(
        "an address in a Parquet file's metadata",
        f"copy (from fresh.main.units) to {{units}} (format parquet, kv_metadata {{{{noted: '{ADDRESS}'}}}})",
    ),
    Written("an address on a page", page="report/index.html"),
)


def planted_in_release(settings: Settings) -> Iterator[Outcome]:
    """Each leak in a copy of its own; nothing before the first release."""
    current = Shelf(settings.published).current()
    if current is not None:
        honest = _found(settings, current, None)
        for plant in WRITTEN:
            yield Outcome(RELEASE, plant.name, caught=bool(_found(settings, current, plant) - honest))


def _found(settings: Settings, current: Path, plant: Written | None) -> set[Finding]:
    from expectations.detectors import Identifiers

    with TemporaryDirectory(dir=settings.work) as place, in_memory() as connection:
        folder = copytree(current, Path(place) / current.name)
        connection.execute(f"attach {string(folder / 'quorum.duckdb')} as fresh")
        if plant and plant.statement:
            connection.execute(plant.statement.format(units=string(folder / "parquet" / "units.parquet")))
        if plant and plant.page:
            with (folder / plant.page).open("a", encoding="utf-8") as page:
                page.write(ADDRESS)
        return set(inspected(connection, folder, Identifiers(CANARIES)))
