"""What goes into an extraction and what comes out of it: state and pace; batches and failures."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from sources.errors import SourceError
from sources.limits import Limits, Time

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True, slots=True)
class State:
    """What the vault remembers: cursors by (stream, scope_key), and ETags by the digest of their URL."""

    cursors: Mapping[tuple[str, str], str] = field(default_factory=dict, repr=False)
    etags: Mapping[str, str] = field(default_factory=dict, repr=False)


@dataclass(frozen=True, slots=True)
class Pace:
    """How many scopes are read at once, what one question may take, and who is told of the progress.

    `progress` is called with rows and requests so far, batch by batch, in the thread that reads the batches.
    """

    threads: int = 8
    limits: Limits = field(default_factory=Limits)
    time: Time = field(default_factory=Time)
    progress: Callable[[int, int], None] | None = None


@dataclass(frozen=True, slots=True)
class Batch:
    """One page's worth, to be written in one transaction. `stream` is the one under whose name the cursor is kept.

    `left` has the keys of the stream's rows that the scope still has, of those updated since `left_since` (None: ever).
    """

    stream: str
    scope_key: str = field(repr=False)
    tables: Mapping[str, pa.Table] = field(repr=False)
    replaced: Mapping[str, pa.Table] = field(repr=False)
    cursor: str | None = field(default=None, repr=False)
    etags: Mapping[str, str] = field(default_factory=dict, repr=False)
    left: pa.Table | None = field(default=None, repr=False)
    left_since: datetime | None = None

    @property
    def rows(self) -> int:
        """All rows of the batch."""
        return sum(table.num_rows for table in self.tables.values())


@dataclass(frozen=True, slots=True)
class Failure:
    """Streams that could not be read to their end, of one scope (None: of the whole system)."""

    streams: tuple[str, ...]
    scope_key: str | None = field(repr=False)
    error: SourceError
