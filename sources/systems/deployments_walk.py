"""How a list of GitHub's GraphQL is gone through: its past once, oldest first, and its news every night, newest first.

A place in it stands in the cursor, so that a killed run goes on there. What has not ended when it is read is looked at
again: the news go down to it, for `AGAIN`. Where the survey saw the same newest entry as the last time nothing is
asked, unless something is open, or another entry of the same moment may have been shown late.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from sources.kept import Kept
from sources.minimise import lookup
from sources.paging import Connected, PageSize
from sources.stream import Json
from sources.systems.github_answers import moment

LARGEST = 50  # entries a page
NEWS = 10  # entries on the first page of a night's news
OVERLAP = timedelta(hours=1)
AGAIN = timedelta(days=8)  # how long something open is looked at again
NODES = Connected()
OLDEST_FIRST = {"field": "CREATED_AT", "direction": "ASC"}
ORDERS = {"createdAt": "CREATED_AT", "updatedAt": "UPDATED_AT"}


@dataclass(frozen=True, slots=True)
class Place(Kept):
    """Where the reading of a list stands: in the past after a page, or, that read, at the newest entry seen."""

    past: bool = False  # the past is read to its end
    after: str | None = None
    newest: str | None = None  # its moment
    seen: str | None = None  # it, as the survey told it; None where another one of its moment may come
    open: str | None = None  # since when something has been open


@dataclass(frozen=True, slots=True)
class Seen:
    """What the survey told of a list: its newest entry and the moment of it; nothing of an empty one."""

    entry: str | None = None
    at: str | None = None


@dataclass(frozen=True, slots=True)
class Walk:
    """A way through one list. `page` asks for a page of it: size, cursor and order."""

    page: Callable[[PageSize, str | None, dict[str, str]], Json]
    is_open: Callable[[Json], bool]
    by: str  # the moment that news are ordered by: createdAt or updatedAt
    clock: datetime

    def pages(self, place: Place, seen: Seen | None) -> Iterator[tuple[list[Json], Place]]:
        """What is to be read, each page with the place after it; `seen` is None where the survey could not tell."""
        if not place.past:
            if seen is not None and seen.entry is None:
                yield [], Place(past=True)
                return
            resumed = place.after is not None
            for nodes, after in self._past(place, seen):
                place = after
                yield nodes, after
            if not resumed:
                return
        if seen is None or self._has_news(place, seen):
            yield from self._news(place, seen)

    def _has_news(self, place: Place, seen: Seen) -> bool:
        return seen.entry is not None and (place.open is not None or place.seen != seen.entry)

    def _past(self, place: Place, seen: Seen | None) -> Iterator[tuple[list[Json], Place]]:
        size = PageSize(LARGEST, LARGEST)
        begun = seen or Seen()
        if place.after is None:
            place = Place(newest=begun.at, open=place.open)
        while not place.past:
            found = self.page(size, place.after, OLDEST_FIRST)
            nodes, after = NODES.nodes(found), NODES.after(found, place.after)
            opened = self._opened(nodes, place.open)
            entry = self._settled(begun) if after is None else None
            place = Place(past=after is None, after=after, newest=place.newest, seen=entry, open=opened)
            yield nodes, place

    def _news(self, place: Place, seen: Seen | None) -> Iterator[tuple[list[Json], Place]]:
        floor = self._floor(place)
        size, after, opened = PageSize(NEWS, LARGEST), None, None
        newest = place.newest
        while True:
            found = self.page(size, after, {"field": ORDERS[self.by], "direction": "DESC"})
            read = NODES.nodes(found)
            nodes = [node for node in read if floor is None or moment(lookup(node, self.by)) >= floor]
            if after is None and nodes:
                newest = lookup(nodes[0], self.by)
            opened = self._opened(nodes, opened)
            following = NODES.after(found, after)
            if following is None or len(nodes) < len(read):
                entry = self._settled(seen) if seen else None
                yield nodes, Place(past=True, newest=newest, seen=entry, open=opened)
                return
            yield nodes, place
            after, size = following, size if after else PageSize(LARGEST, LARGEST)

    def _floor(self, place: Place) -> datetime | None:
        """Down to where news are read; None: to the end."""
        if place.newest is None:
            return None
        floor = moment(place.newest) - OVERLAP
        return min(floor, moment(place.open)) if place.open else floor

    def _opened(self, nodes: list[Json], known: str | None) -> str | None:
        """Since when something has been open that is still worth a look."""
        since = self.clock - AGAIN
        begun = [lookup(node, "createdAt") for node in nodes if self.is_open(node)]
        return min([*filter(None, [known]), *(at for at in begun if moment(at) >= since)], key=moment, default=None)

    def _settled(self, seen: Seen) -> str | None:
        """The newest entry, once no other one of its moment can come to light."""
        return seen.entry if seen.at is not None and moment(seen.at) < self.clock - OVERLAP else None
