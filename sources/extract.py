"""The package's only verb: batches of minimised rows from a system, since the cursors of the last run.

    run = extract(system, connection, state, pseudonyms, clock)
    for batch in run.batches:   # one page each; write its rows, cursor and ETags in ONE transaction
        ...
    run.failures, run.streams_complete, run.warnings, run.counters

Threads cover latency: each takes one scope (repository, project) at a time and feeds one bounded queue, so that a slow
writer slows the reading. Batches of one scope come in order. A scope that fails loses nothing of the others and nothing
of its own written batches: its cursor stands where its last written batch left it.

Writing a batch: per stream delete the rows that `batch.replaced[stream]` names, then insert `batch.tables[stream]`; a
cursor of None leaves the remembered one alone. So a killed run goes on with nothing lost and nothing twice.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from sources.batches import Batch, Failure, Pace, State
from sources.errors import Refused, SourceError
from sources.guarded import collected_seldom, guarded
from sources.limits import Counters
from sources.minimise import Pseudonyms, minimise
from sources.reading import Connection, Left, Page, Reader, Scope, Settings
from sources.stream import Stream, System
from sources.values import Values, nested

if TYPE_CHECKING:
    import pyarrow as pa

WAITING = 64  # batches that may wait for the writer


class Extraction:
    """One reading of one system. `failures`, `warnings`, `streams_complete` are final when `batches` has ended."""

    def __init__(self, system: System, reader: Reader, state: State, pseudonyms: Pseudonyms, pace: Pace) -> None:
        self.system = system
        self.failures: list[Failure] = []
        self.warnings: list[str] = []
        self._reader = reader
        self._state = state
        self._pseudonyms = pseudonyms
        self._surveys: set[str] = set()  # the streams that the survey gave
        self._ended = False
        self._stop = threading.Event()
        self._queue: queue.Queue[Batch | None] = queue.Queue(WAITING)
        self._refused: Refused | None = None
        self._pace = pace

    @property
    def counters(self) -> Counters:
        """Requests, bytes and rows so far."""
        return self._reader.counters

    @property
    def streams_complete(self) -> frozenset[str]:
        """The streams that were read to their end in every scope."""
        if not self._ended:
            return frozenset()
        broken = {name for failure in self.failures for name in failure.streams}
        return frozenset(stream.name for stream in self.system.streams) - broken

    @property
    def batches(self) -> Iterator[Batch]:
        """The batches, once."""
        scopes: list[Scope] = []
        try:
            with collected_seldom():
                for batch in guarded(self._surveyed(scopes)):
                    yield self._told(batch)
                for batch in self._gathered(scopes):
                    yield self._told(batch)
        except SourceError as error:
            self._fail(None, error)
        finally:
            self._stop.set()
        self._ended = True

    def _surveyed(self, scopes: list[Scope]) -> Iterator[Batch]:
        for page in self._reader.survey():
            scopes.extend(page.scopes)
            self._surveys |= page.records.keys()
            if page.records or page.etags:
                yield self._batch(page, self._survey_stream(), None)

    def _gathered(self, scopes: Sequence[Scope]) -> Iterator[Batch]:
        waiting: queue.SimpleQueue[Scope] = queue.SimpleQueue()
        for scope in sorted(scopes, key=lambda scope: scope.size, reverse=True):
            waiting.put(scope)
        running = min(self._pace.threads, len(scopes))
        threads = [
            threading.Thread(target=self._work, args=(waiting,), name=f"quorum-{at}", daemon=True)
            for at in range(running)
        ]
        for thread in threads:
            thread.start()
        while running:
            batch = self._queue.get()
            if batch is None:
                running -= 1
            else:
                yield batch

    def _work(self, waiting: queue.SimpleQueue[Scope]) -> None:
        try:
            while not self._stop.is_set():
                self._read(waiting.get_nowait())
        except queue.Empty:
            pass
        finally:
            self._put(None)

    def _read(self, scope: Scope) -> None:
        scope_key = self._pseudonyms.scope(self.system.space, scope.name)
        try:
            if self._refused is not None:
                raise self._refused from None
            for batch in guarded(self._batches_of(scope, scope_key)):
                if not self._put(batch):
                    return
        except SourceError as error:
            if isinstance(error, Refused) and error.status == 401:
                self._refused = error  # the token is unknown: no need to ask for each scope
            self._fail(scope_key, error)

    def _batches_of(self, scope: Scope, scope_key: str) -> Iterator[Batch]:
        for page in self._reader.read(scope, self._state.cursors.get((self.system.reads, scope_key))):
            self.warnings.extend(page.warnings)
            yield self._batch(page, self.system.reads, scope_key)

    def _put(self, batch: Batch | None) -> bool:
        while not self._stop.is_set():
            try:
                self._queue.put(batch, timeout=0.2)
            except queue.Full:
                continue
            return True
        return False

    def _fail(self, scope_key: str | None, error: SourceError) -> None:
        given = () if scope_key is None else self._surveys
        streams = (stream for stream in self.system.streams if stream.name not in given)
        self.failures.append(Failure(tuple(stream.name for stream in streams), scope_key, error))

    def _survey_stream(self) -> str:
        return next((s.name for s in self.system.streams if s.parent is None and s.name != self.system.reads), "")

    def _told(self, batch: Batch) -> Batch:
        self.counters.add(rows=batch.rows)
        if self._pace.progress is not None:
            self._pace.progress(self.counters.rows, self.counters.requests)
        return batch

    def _batch(self, page: Page, stream: str, scope_key: str | None) -> Batch:
        tables: dict[str, pa.Table] = {}
        replaced: dict[str, pa.Table] = {}
        for name, records in page.records.items():
            self._fill(self.system.stream(name), Values(records), tables, replaced)
        left, since = self._left(page.left) if page.left else (None, None)
        return Batch(stream, scope_key or "", tables, replaced, page.cursor, page.etags, left, since)

    def _left(self, left: Left) -> tuple[pa.Table, datetime | None]:
        """The keys under which the records that are left are stored."""
        import pyarrow as pa

        [name] = self.system.stream(self.system.reads).key
        column = self.system.stream(self.system.reads).column(name)
        keys = [self._pseudonyms.key(column.space, one) for one in left.ids]
        return pa.table({name: pa.array(keys, pa.string())}), left.since and left.since.replace(tzinfo=None)

    def _fill(self, stream: Stream, values: Values, tables: dict[str, pa.Table], replaced: dict[str, pa.Table]) -> None:
        table = minimise(stream, values, self._pseudonyms)
        outer = tables[stream.parent.name] if stream.parent else table
        tables[stream.name] = table
        replaced[stream.name] = outer.select(list(stream.replaces))
        for child in self.system.children(stream):
            self._fill(child, nested(child, values), tables, replaced)


def extract(
    system: System,
    connection: Connection,
    state: State,
    pseudonyms: Pseudonyms,
    clock: datetime,
    pace: Pace | None = None,
) -> Extraction:
    """Read a system since the cursors in `state`, up to `clock` (UTC)."""
    pace = pace or Pace()
    reader = system.reader(connection, Settings(clock, state.etags, pace.limits, pace.time))
    return Extraction(system, reader, state, pseudonyms, pace)
