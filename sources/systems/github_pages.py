"""How GitHub is read: repositories by REST, changes with their reviews and commits by nested GraphQL.

First the whole past, oldest first (`CREATED_AT`, ascending: a page never moves), with the place in the cursor, so
that a killed run goes on there. From then on what was updated, newest first, down to the last run's newest less an
overlap; the cursor moves only when that is done. A night without news is one question a repository. The organisation's
list is asked for without its ETag: the vault holds pseudonyms alone, so the names must come from GitHub each night.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sources.api import Api
from sources.errors import Gone, Malformed, TooMuch
from sources.graphql import ask
from sources.minimise import fold, lookup
from sources.paging import Connected, LinkHeader, PageSize
from sources.reading import Connection, Page, Scope, Settings
from sources.stream import Json
from sources.systems.github_query import CHANGES, NESTED, REST_OF

LARGEST = 50  # changes a page
NEWS = 10  # changes on the first page of a night's news: most nights need no more
OVERLAP = timedelta(hours=1)
NODES = Connected()
OLDEST_FIRST = {"field": "CREATED_AT", "direction": "ASC"}
NEWEST_FIRST = {"field": "UPDATED_AT", "direction": "DESC"}


@dataclass(frozen=True, slots=True)
class Place:
    """Where the reading of a repository stands: in the past after a page, or, that read, at the newest update."""

    past: bool = False  # the past is read to its end
    after: str | None = None
    newest: str | None = None

    @classmethod
    def of(cls, cursor: str | None) -> Place:
        """The place that a cursor holds; the beginning if it holds none."""
        try:
            return cls(**json.loads(cursor)) if cursor else cls()
        except (TypeError, ValueError):
            return cls()

    @property
    def cursor(self) -> str:
        """The place as a cursor."""
        return json.dumps(asdict(self))


class GitHubReader:
    """Reads one organisation, or the repositories listed in the options."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self._api = Api(connection, settings.limits, settings.time)
        self._etags = settings.etags
        self._options = connection.options
        self._rest = str(self._options.get("rest", "")).strip("/")  # "v3" for GitHub Enterprise Server
        self.counters = self._api.counters

    def survey(self) -> Iterator[Page]:
        """The repositories: those listed, else all of the organisation."""
        listed = self._options.get("repositories") or ()
        organisation = str(self._options.get("organisation") or "")
        if listed:
            for name in listed:
                yield self._listed(name if "/" in name else f"{organisation}/{name}")
            return
        links = LinkHeader()
        path: str | None = self._path(f"orgs/{organisation}/repos?per_page=100&type=all")
        while path:
            answer = self._api.get(path, "/orgs/{organisation}/repos")
            records = answer.body if answer else None
            if answer is None or not isinstance(records, list):
                raise Malformed("not a list of repositories", "/orgs/{organisation}/repos") from None
            yield Page({"repositories": records}, scopes=[Scope(_name(record)) for record in records])
            path = links.after(answer.links, path)

    def _path(self, path: str) -> str:
        return f"{self._rest}/{path}".lstrip("/")

    def _listed(self, name: str) -> Page:
        """One repository of the configuration; one that is gone fails when it is read, alone."""
        try:
            answer = self._api.get(self._path(f"repos/{name}"), "/repos/{repository}", etags=self._etags)
        except Gone:
            answer = None
        if answer is None:
            return Page(scopes=[Scope(name)])
        return Page({"repositories": [answer.body]}, etags=answer.etags, scopes=[Scope(name)])

    def read(self, scope: Scope, cursor: str | None) -> Iterator[Page]:
        """The past as far as it is not yet read, then the news."""
        place = Place.of(cursor)
        if place.past:
            yield from self._news(scope, place)
            return
        resumed = place.after is not None
        for page in self._past(scope, place):
            yield page
        if resumed:  # what was updated since the day it began
            yield from self._news(scope, Place.of(page.cursor))

    def _past(self, scope: Scope, place: Place) -> Iterator[Page]:
        size = PageSize(LARGEST, LARGEST)
        while not place.past:
            repository = self._repository(scope, size, place.after, OLDEST_FIRST, newest=place.after is None)
            newest = place.newest
            if place.after is None:
                newest = next((node["updatedAt"] for node in NODES.nodes(repository.get("newest"))), None)
            after = NODES.after(repository.get("pullRequests"), place.after)
            place = Place(past=after is None, after=after, newest=newest)
            yield Page({"changes": self._changes(scope, repository)}, place.cursor)

    def _news(self, scope: Scope, place: Place) -> Iterator[Page]:
        size = PageSize(NEWS, LARGEST)
        floor = _moment(place.newest) - OVERLAP if place.newest else None
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
                yield Page({"changes": changes}, Place(past=True, newest=newest).cursor)
                return
            yield Page({"changes": changes})
            after, size = following, size if after else PageSize(LARGEST, LARGEST)

    def _repository(
        self, scope: Scope, size: PageSize, after: str | None, order: Mapping[str, str], newest: bool = False
    ) -> Mapping[str, Json]:
        variables: dict[str, Any] = {**_owner(scope), "after": after, "order": order, "newest": newest}
        while True:
            try:
                data = ask(self._api, "graphql", CHANGES, {**variables, "first": size.size})
            except TooMuch:
                size.halve()
                self._api.patience.back_off(0)
                continue
            repository = data.get("repository")
            if not isinstance(repository, dict):
                raise Gone("not there", "/graphql") from None
            size.good()
            return repository

    def _changes(
        self, scope: Scope, repository: Mapping[str, Json], floor: datetime | None = None
    ) -> list[dict[str, Json]]:
        """The page's changes that are not older than the floor, their nested lists complete."""
        branch = lookup(repository, "defaultBranchRef.name")
        around = {"name": scope.name, "folded": fold(scope.name), "branch": branch}
        found = NODES.nodes(repository.get("pullRequests"))
        changes = [each for each in found if floor is None or _moment(lookup(each, "updatedAt")) >= floor]
        for change in changes:
            change["repository"] = around
            for name in NESTED:
                self._complete(scope, change, name)
        return changes

    def _complete(self, scope: Scope, change: dict[str, Json], name: str) -> None:
        """Follow a nested list that did not fit."""
        nodes = NODES.nodes(change.get(name))
        after = NODES.after(change[name], None)
        while after:
            variables = {**_owner(scope), "number": change["number"], "after": after}
            data = ask(self._api, "graphql", REST_OF[name], variables)
            more = lookup(data, f"repository.pullRequest.{name}")
            nodes += NODES.nodes(more)
            after = NODES.after(more, after)
        change[name] = {"nodes": nodes}


def _owner(scope: Scope) -> dict[str, str]:
    owner, _, name = scope.name.partition("/")
    return {"owner": owner, "name": name}


def _name(record: Json) -> str:
    name = lookup(record, "full_name")
    if not isinstance(name, str) or "/" not in name:
        raise Malformed("a repository without its full name", "/orgs/{organisation}/repos") from None
    return name


def _moment(value: Json) -> datetime:
    try:
        return datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise Malformed("a change without the time of its update", "/graphql") from None
