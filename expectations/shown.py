"""What readers see of a table, or will see when tonight's candidates are released: period by period, proved by digest.

A released period is the one whose content has the digest that the vault has sealed: its first version in `protected`,
or, when it was restated or taken back, the version that `restated` keeps. A candidate comes after all of them; what was
passed over, and is older, readers never see.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expectations.bottlenecks import WINDOW
from expectations.content import contents

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

CELLS = "vault.protected.cells"
NO_CELLS = f"(select * from {CELLS} limit 0)"


@dataclass(frozen=True, slots=True)
class Shown:
    """A period of a table: where its rows stand, and the digest of its content.

    Released rows whose digest is not the sealed one are not what readers see: they are not proved.
    """

    start: date
    relation: str
    digest: str
    is_released: bool
    is_proved: bool = True


def windows(connection: DuckDBPyConnection, table: str, starts: Iterable[date]) -> dict[date, tuple[Shown, ...]]:
    """What a finding about each of these periods rests on: it and the periods shown before it, oldest first."""
    sealed = {start: (digest, release) for start, digest, release in connection.execute(SEALED, [table]).fetchall()}
    last = max(sealed, default=date.min)
    there = connection.execute(f"select distinct period_start from vault.protected.{table}").fetchall()
    order = sorted([*sealed, *(start for (start,) in there if start is not None and start > last)])
    wanted = {start: [one for one in order if one <= start][-WINDOW:] for start in starts}
    needed = sorted({one for window in wanted.values() for one in window})
    found = {one.start: one for one in _found(connection, table, needed, sealed)}
    return {start: tuple(found[one] for one in window) for start, window in wanted.items()}


def _found(
    connection: DuckDBPyConnection, table: str, needed: list[date], sealed: Mapping[date, tuple[str, str]]
) -> Iterator[Shown]:
    first = f"vault.protected.{table}"
    reissued = set(connection.execute(REISSUED.format(table=table)).fetchall())
    later = [start for start in needed if start in sealed and (start, sealed[start][1]) in reissued]
    digests = contents(connection, first, CELLS, table, [start for start in needed if start not in later])
    for start, digest in digests.items():
        yield Shown(start, first, digest, start in sealed, digest == sealed.get(start, (digest, ""))[0])
    for start in later:
        wanted, release = sealed[start]
        relation = f"(select * exclude (release_id) from vault.restated.{table} where release_id = '{release}')"
        known = {contents(connection, relation, cells, table, [start])[start] for cells in (CELLS, NO_CELLS)}
        yield Shown(start, relation, wanted, is_released=True, is_proved=wanted in known)


SEALED = "select period_start, digest, release_id from vault.ops.sealed where table_name = ?"
REISSUED = "select distinct period_start, release_id from vault.restated.{table}"
