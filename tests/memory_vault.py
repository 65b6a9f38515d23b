"""What a writer of batches does, in memory, for any system: delete what is replaced, insert, remember."""

import datetime as dt
import itertools

from sources.batches import Pace, State
from sources.extract import extract
from sources.limits import Limits, Time
from sources.minimise import Pseudonyms
from sources.reading import Connection

CLOCK = dt.datetime(2024, 3, 1, tzinfo=dt.UTC)
PSEUDONYMS = Pseudonyms(b"k" * 32)


class MemoryVault:
    """Rows, cursors and ETags of one system; `options` are those of each night, `clock` is that of the next one."""

    def __init__(self, system, **options):
        self.system = system
        self.options = options
        self.clock = CLOCK
        self.rows = {stream.name: [] for stream in system.streams}
        self.cursors = {}
        self.etags = {}

    def write(self, batch):
        for name, table in batch.tables.items():
            old = {tuple(row.values()) for row in batch.replaced[name].to_pylist()}
            by = self.system.stream(name).replaces
            kept = [row for row in self.rows[name] if tuple(row[column] for column in by) not in old]
            self.rows[name] = kept + table.to_pylist()
        if batch.left is not None:
            self.forget(batch)
        if batch.cursor is not None:
            self.cursors[batch.stream, batch.scope_key] = batch.cursor
        self.etags |= batch.etags

    def forget(self, batch):
        stream = self.system.stream(batch.stream)
        (key,), (scope, updated) = stream.key, stream.within
        left = set(batch.left.column(key).to_pylist())
        gone = {
            row[key]
            for row in self.rows[stream.name]
            if row[scope] == batch.scope_key and row[updated] >= batch.left_since and row[key] not in left
        }
        for one in (stream, *self.system.children(stream)):
            self.rows[one.name] = [row for row in self.rows[one.name] if row[key] not in gone]

    def night(self, url="", batches=None, **options):
        """One run; killed after so many batches, if given."""
        pace = Pace(threads=2, limits=Limits(attempts=2), time=Time(sleep=lambda _: None))
        state = State(dict(self.cursors), dict(self.etags))
        connection = Connection(url, {}, {**self.options, **options})
        run = extract(self.system, connection, state, PSEUDONYMS, self.clock, pace)
        for batch in itertools.islice(run.batches, batches):
            self.write(batch)
        return run

    def column(self, stream, name):
        return [row[name] for row in self.rows[stream]]
