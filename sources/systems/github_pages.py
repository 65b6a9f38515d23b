"""How GitHub is read: by GraphQL alone, first the repositories, then the changes of each with all that hangs on them.

First the whole past, oldest first (`CREATED_AT`, ascending: a page never moves), with the place in the cursor, so
that a killed run goes on there. From then on what was updated, newest first, down to the last run's newest less an
overlap; the cursor moves only when that is done. The survey tells of each repository when one of its changes was last
updated: where that is no later than the cursor nothing is asked, so that a night without news is one question a hundred
repositories (one a repository, if they are listed in the options). As another change may be updated in the very second
of the newest one, or be shown late, the news are asked for once more where that second was not past by the overlap.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sources.api import Api
from sources.errors import Gone
from sources.graphql import ask, ask_sized
from sources.kept import Kept
from sources.minimise import fold, lookup
from sources.paging import Connected, PageSize
from sources.reading import Connection, Page, Scope, Settings
from sources.stream import Json
from sources.systems.github_answers import full_name, moment, owner, tell_dismissals, there
from sources.systems.github_query import CHANGES, LISTED, NESTED, REST_OF, SURVEY

REPOSITORIES = 100  # repositories a page
LARGEST = 50  # changes a page
LOT = 200  # changes, and less than a page more, that are handed on at once: small tables cost as much as large ones
NEWS = 10  # changes on the first page of a night's news: most nights need no more
OVERLAP = timedelta(hours=1)
NODES = Connected()
OLDEST_FIRST = {"field": "CREATED_AT", "direction": "ASC"}
NEWEST_FIRST = {"field": "UPDATED_AT", "direction": "DESC"}


@dataclass(frozen=True, slots=True)
class Place(Kept):
    """Where the reading of a repository stands: in the past after a page, or, that read, at the newest update."""

    past: bool = False  # the past is read to its end
    after: str | None = None
    newest: str | None = None
    settled: bool = False  # nothing up to the newest update can come to light any more


class GitHubReader:
    """Reads one organisation, or the repositories listed in the options."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self._api = Api(connection, settings.limits, settings.time)
        self._options = connection.options
        self._clock = settings.clock
        self._newest: dict[str, str | None] = {}  # the newest update by repository, as the survey told it
        self.counters = self._api.counters

    def survey(self) -> Iterator[Page]:
        """The repositories: those listed, else all of the organisation."""
        listed = self._options.get("repositories") or ()
        organisation = str(self._options.get("organisation") or "")
        if listed:
            for name in listed:
                yield self._listed(name if "/" in name else f"{organisation}/{name}")
            return
        size = PageSize(REPOSITORIES, REPOSITORIES)
        after: str | None = None
        while True:
            found = self._sized(SURVEY, {"organisation": organisation, "after": after}, size, "organization")
            listing = found.get("repositories")
            records = NODES.nodes(listing)
            yield Page(
                {"repositories": records}, scopes=[self._surveyed(full_name(record), record) for record in records]
            )
            after = NODES.after(listing, after)
            if after is None:
                return

    def _listed(self, name: str) -> Page:
        """One repository of the configuration; one that is gone fails when it is read, alone."""
        try:
            record = there(ask(self._api, "graphql", LISTED, owner(Scope(name))), "repository")
        except Gone:
            return Page(scopes=[Scope(name)])
        return Page({"repositories": [record]}, scopes=[self._surveyed(name, record)])

    def _surveyed(self, name: str, record: Json) -> Scope:
        """The repository as a scope; when one of its changes was last updated is remembered."""
        newest = NODES.nodes(lookup(record, "pullRequests"))
        self._newest[name] = lookup(newest[0], "updatedAt") if newest else None
        size = lookup(record, "pullRequests.totalCount")
        return Scope(name, size=size if isinstance(size, int) else 0)

    def read(self, scope: Scope, cursor: str | None) -> Iterator[Page]:
        """The past as far as it is not yet read, then the news if the survey saw any."""
        place = Place.of(cursor)
        if place.past:
            if self._has_news(scope, place):
                yield from self._news(scope, place)
            return
        resumed = place.after is not None
        for page in self._past(scope, place):
            yield page
        if resumed:  # what was updated since the day it began
            yield from self._news(scope, Place.of(page.cursor))

    def _has_news(self, scope: Scope, place: Place) -> bool:
        """Whether anything may have been updated since the place; yes if the survey could not tell."""
        if scope.name not in self._newest:
            return True
        newest = self._newest[scope.name]
        if newest is None or place.newest is None or not place.settled:
            return newest is not None
        return moment(newest) > moment(place.newest)

    def _reached(self, newest: str | None, after: str | None = None) -> Place:
        """The place after a page: in the past while another one follows."""
        settled = newest is not None and moment(newest) < self._clock - OVERLAP
        return Place(past=after is None, after=after, newest=newest, settled=settled)

    def _past(self, scope: Scope, place: Place) -> Iterator[Page]:
        size = PageSize(LARGEST, LARGEST)
        lot: list[dict[str, Json]] = []
        while not place.past:
            newest = self._newest.get(scope.name) if place.after is None else place.newest
            repository = self._repository(scope, size, place.after, OLDEST_FIRST)
            after = NODES.after(repository.get("pullRequests"), place.after)
            place = self._reached(newest, after)
            lot += self._changes(scope, repository)
            if place.past or len(lot) >= LOT:
                yield Page({"changes": lot}, place.cursor)
                lot = []

    def _news(self, scope: Scope, place: Place) -> Iterator[Page]:
        size = PageSize(NEWS, LARGEST)
        floor = moment(place.newest) - OVERLAP if place.newest else None
        after: str | None = None
        newest = place.newest
        while True:
            repository = self._repository(scope, size, after, NEWEST_FIRST)
            changes = self._changes(scope, repository, floor)
            if after is None and changes:
                newest = changes[0]["updatedAt"]
            read = len(NODES.nodes(repository.get("pullRequests")))
            following = NODES.after(repository.get("pullRequests"), after)
            if following is None or len(changes) < read:
                yield Page({"changes": changes}, self._reached(newest).cursor)
                return
            yield Page({"changes": changes})
            after, size = following, size if after else PageSize(LARGEST, LARGEST)

    def _repository(
        self, scope: Scope, size: PageSize, after: str | None, order: Mapping[str, str]
    ) -> Mapping[str, Json]:
        return self._sized(CHANGES, {**owner(scope), "after": after, "order": order}, size, "repository")

    def _sized(self, query: str, variables: Mapping[str, Any], size: PageSize, name: str) -> Mapping[str, Json]:
        """What stands under a name in the answer, in pages as large as GitHub manages."""
        return there(ask_sized(self._api, "graphql", query, variables, size), name)

    def _changes(
        self, scope: Scope, repository: Mapping[str, Json], floor: datetime | None = None
    ) -> list[dict[str, Json]]:
        """The page's changes that are not older than the floor, their nested lists complete."""
        branch = lookup(repository, "defaultBranchRef.name")
        around = {"name": scope.name, "folded": fold(scope.name), "branch": branch}
        found = NODES.nodes(repository.get("pullRequests"))
        changes = [each for each in found if floor is None or moment(lookup(each, "updatedAt")) >= floor]
        for change in changes:
            change["repository"] = around
            change["id"] = f"{around['folded']}#{change['number']:d}"
            for name in NESTED:
                self._complete(scope, change, name)
            tell_dismissals(change)
        return changes

    def _complete(self, scope: Scope, change: dict[str, Json], name: str) -> None:
        """Follow a nested list that did not fit."""
        nodes = NODES.nodes(change.get(name))
        after = NODES.after(change[name], None)
        while after:
            variables = {**owner(scope), "number": change["number"], "after": after}
            data = ask(self._api, "graphql", REST_OF[name], variables)
            more = lookup(data, f"repository.pullRequest.{name}")
            nodes += NODES.nodes(more)
            after = NODES.after(more, after)
        change[name] = {"nodes": nodes}
