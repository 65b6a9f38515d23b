"""Pages are written several at a time: each transaction costs the same however small it is, and pages are small.

A group ends when it is large enough, when it has waited long enough, or when the next page replaces rows that the group
already holds: within one transaction no row is written twice. A killed run loses a group that was not yet written; no
cursor has moved for it, so it is read again.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sources.batches import Batch
    from sources.stream import System

ENOUGH = 50_000  # rows, some tens of MB
OFTEN = 1.0  # seconds


def gathered(system: System, batches: Iterable[Batch]) -> Iterator[list[Batch]]:
    """The batches in order, in groups without a row in common."""
    group: list[Batch] = []
    held: set[tuple[object, ...]] = set()
    since = time.monotonic()
    for batch in batches:
        rows = _replaced(system, batch)
        full = sum(one.rows for one in group) >= ENOUGH or time.monotonic() - since >= OFTEN
        if group and (full or not held.isdisjoint(rows)):
            yield group
            group, held, since = [], set(), time.monotonic()
        group.append(batch)
        held |= rows
    if group:
        yield group


def _replaced(system: System, batch: Batch) -> set[tuple[object, ...]]:
    """What gives way to a batch; nested rows give way with the row around them."""
    return {
        (stream.name, *row.values())
        for stream in system.streams
        if stream.parent is None and stream.name in batch.replaced
        for row in batch.replaced[stream.name].to_pylist()
    }
