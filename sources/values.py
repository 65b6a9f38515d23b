"""The values that stand in records: one at a time by `lookup`, or those of a whole page, a list a path."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from operator import itemgetter

from sources.errors import BadValue
from sources.stream import PARENT, Column, Json, Record, Stream


def lookup(record: Json, path: str) -> Json:
    """The value at a dotted path; None as soon as something on the way is null or absent."""
    for step in _steps(path):
        if not isinstance(record, dict):
            return None
        record = record.get(step)
    return record


@cache
def _steps(path: str) -> tuple[str, ...]:
    return tuple(path.split("."))


class Values:
    """The values that stand in records, a list a path; the way that two paths share is walked once.

    Of nested records `around` are the values of those around them, and `places` where each one's stands there.
    """

    def __init__(
        self, records: Iterable[Record], around: Values | None = None, places: Sequence[int] | None = None
    ) -> None:
        self.records = list(records)
        self._around = around
        self._places = range(len(self.records)) if places is None else places
        self._at: dict[str, list[Json]] = {"": self.records}

    def at(self, path: str) -> list[Json]:
        """The value of each record at a dotted path, as `lookup` finds it."""
        if path not in self._at:
            if self._around is not None and path.startswith(PARENT):
                there = self._around.at(path.removeprefix(PARENT))
                self._at[path] = list(map(there.__getitem__, self._places))
            else:
                self._at[path] = self._walked(path)
        return self._at[path]

    def _walked(self, path: str) -> list[Json]:
        way, _, step = path.rpartition(".")
        outer = self.at(way)
        try:
            return list(map(itemgetter(step), outer))
        except (KeyError, TypeError):  # something on the way is null, absent or no object
            return [each.get(step) if isinstance(each, dict) else None for each in outer]

    def kept(self, stream: Stream) -> Values:
        """Those of the records that the stream keeps."""
        if stream.keep is None:
            return self
        try:
            kept = [place for place, record in enumerate(self.records) if stream.keep(record)]
        except (TypeError, KeyError, AttributeError):
            raise BadValue("a record lacks what tells whether it is kept", stream.name) from None
        return Values((self.records[place] for place in kept), self._around, [self._places[place] for place in kept])

    def of(self, column: Column) -> list[Json]:
        """What a column is made from; of persons pairs of namespace and account."""
        if column.of is not None:
            return list(map(column.of, self.records))
        if not column.accounts:
            return self.at(column.path)
        found: list[tuple[str, Json] | None] = [None] * len(self.records)
        for account in reversed(column.accounts):  # the first that is present counts
            here = zip(self.at(account.path), found, strict=True)
            found = [(account.space, value) if value else other for value, other in here]
        return found


def nested(stream: Stream, around: Values) -> Values:
    """The values of the records that are nested in others."""
    records: list[Record] = []
    places: list[int] = []
    for place, inner in enumerate(around.at(stream.at)):
        if inner is not None and not isinstance(inner, list):
            raise BadValue("not a list", f"{stream.name}: {stream.at}") from None
        there = [record for record in inner or () if record is not None]
        records += there
        places += [place] * len(there)
    return Values(records, around, places)
