"""How Jira Cloud is read: issues by `/search/jql`, oldest update first, and the history of those that are news in bulk.

The cursor is the newest `updated` read, moved with every lot of issues, so that a killed run goes on there. JQL knows
minutes only, in the time zone of the token's user; so a search begins a little more than a day earlier, and what was
read before is told by its exact time and dropped. Jira's search may show an update late: what is newer than an hour
before the cursor is taken again, unless that hour had passed when it was read.

Most projects have no news most nights. So the first project that could be quiet asks one question over all of them,
newest update first, and again over those that were not in the answer. Who has a settled cursor and nothing newer asks
nothing; who is in doubt is read. Only the exact times in the answer count, and no cursor moves by it; so an update
that comes after the question, or is shown late, is news of the next night. A night without news is the list of projects
and that question.

A deletion moves no `updated`. So where a project had news it is asked which of the issues of the last weeks it has
left, by their ids alone: what is gone from there (deleted, archived, or hidden from the token) is gone here too, as
long as its period may be open. A list that lacks what was just read is not believed.

Fields are named in the question, so no text is even sent. Status names are the site's own: their categories are asked
for once a night, if there are news, and kept in memory; what else the site's words mean, `jira_rules` knows.
"""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sources.api import Api
from sources.errors import Gone, Malformed, SourceError
from sources.kept import Kept
from sources.minimise import lookup
from sources.paging import Token
from sources.reading import Connection, Left, Page, Scope, Settings
from sources.stream import Json
from sources.systems import jira_answers as answers
from sources.systems.jira_answers import Status, moment
from sources.systems.jira_rules import Rules

LARGEST = 500  # issues a page; Jira may give fewer
IDS = 5000  # issues a page, where nothing is asked but which there are
RECENT = timedelta(weeks=12)  # older periods are sealed, as a rule
LOT = 400  # issues, and less than a page more, whose histories are asked for at once; Jira allows 1000
HISTORIES = 10_000  # a page of history
ZONES = timedelta(hours=26)  # all time zones, and a little
LATE = timedelta(hours=1)
LOOKS = 4  # questions over all projects, at most
SEEN = 100  # issues in the answer of each
TIES = timedelta(minutes=1)  # within it nothing is built on the order of an answer
KEY = re.compile(r"[A-Za-z][A-Za-z0-9_]*")
SEARCH, HISTORY = "/rest/api/3/search/jql", "/rest/api/3/changelog/bulkfetch"
STATUSES, PROJECTS = "/rest/api/3/status", "/rest/api/3/project/search"


@dataclass(frozen=True, slots=True)
class Place(Kept):
    """Where the reading of a project stands."""

    updated: str | None = None  # the newest update read
    settled: bool = False  # nothing up to there can come to light any more

    def is_news(self, updated: datetime) -> bool:
        """Whether an issue of this update must be taken."""
        if self.updated is None:
            return True
        reached = moment(self.updated)
        return updated > reached if self.settled else updated >= reached - LATE


class JiraReader:
    """Reads the projects listed in the options, else all that the token may see."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self._api = Api(connection, settings.limits, settings.time)
        self._now = settings.time.now
        self._clock = settings.clock
        self._listed = tuple(str(key) for key in connection.options.get("projects") or ())
        self._rules = Rules(connection.options)
        self._parse = {SEARCH: answers.issues_parsed(self._rules.fields), HISTORY: answers.histories_parsed}
        self._lock = threading.Lock()
        self._keys: set[str] = set()
        self._newest: dict[str, datetime] | None = None  # by project, of those known; None: not asked yet
        self._statuses: Mapping[str, Status] | None = None  # by id; None: not asked yet
        self.counters = self._api.counters

    def survey(self) -> Iterator[Page]:
        """The projects."""
        for key in self._listed or self._projects():
            if not KEY.fullmatch(key):
                raise Malformed("a project without a usable key", PROJECTS) from None
            self._keys.add(key.upper())
            yield Page(scopes=[Scope(key)])

    def _projects(self) -> Iterator[str]:
        start = 0
        while True:
            answer = self._api.get(
                PROJECTS, PROJECTS, {"startAt": str(start), "maxResults": "100"}, parse=answers.projects_parsed
            )
            keys, last = answers.projects_in(answer.body if answer else None, PROJECTS)
            yield from keys
            start += len(keys)
            if last:
                return

    def read(self, scope: Scope, cursor: str | None) -> Iterator[Page]:
        """The issues updated since the cursor, page by page, with their histories."""
        place = Place.of(cursor)
        if self._is_quiet(scope, place):
            return
        began = datetime.fromtimestamp(self._now(), UTC)
        newest, read = place.updated, set[str]()
        for news in self._news(scope, place):
            self._complete(news)
            newest = max(filter(None, (newest, *(lookup(issue, "fields.updated") for issue in news))), key=moment)
            read.update(str(issue["id"]) for issue in news)
            yield Page({"issues": news}, cursor=Place(newest).cursor)
        if read and place.updated is not None:
            yield from self._left(scope, read)
        if newest is not None and not (place.settled and newest == place.updated):
            yield Page(cursor=Place(newest, settled=moment(newest) < began - LATE).cursor)

    def _is_quiet(self, scope: Scope, place: Place) -> bool:
        """Whether it is known without reading that a project has no news."""
        if place.updated is None or not place.settled or len(self._keys) <= 1:
            return False
        with self._lock:
            if self._newest is None:
                self._newest = {}
                with suppress(SourceError):  # then who is not known is read, and tells its own error
                    self._look(self._newest)
            newest = self._newest.get(scope.name.upper())
        return newest is not None and not place.is_news(newest)

    def _look(self, newest: dict[str, datetime]) -> None:
        """Find the newest update of as many projects as a few questions tell."""
        left = set(self._keys)
        for _ in range(LOOKS):
            names = ", ".join(f'"{key}"' for key in sorted(left))
            jql = f"project in ({names}) order by updated desc"
            body = self._asked(SEARCH, {"jql": jql, "fields": ["project", "updated"], "maxResults": SEEN})
            seen = answers.updates_in(body, SEARCH)
            whole = Token().after(body, None) is None
            known = {key: at for key, at in sorted(seen) if key in left and (whole or at >= seen[-1][1] + TIES)}
            newest |= known
            left -= known.keys()
            if whole or not known or len(left) <= 1:
                return

    def _news(self, scope: Scope, place: Place) -> Iterator[list[dict[str, Json]]]:
        """What must be taken, in lots of some hundreds: histories are asked for once a lot."""
        lot: list[dict[str, Json]] = []
        for issues in self._search(scope, place):
            lot += [issue for issue in issues if place.is_news(moment(lookup(issue, "fields.updated")))]
            if len(lot) >= LOT:
                yield lot
                lot = []
        if lot:
            yield lot

    def _left(self, scope: Scope, read: set[str]) -> Iterator[Page]:
        """The issues that a project has left of those updated lately."""
        since = self._clock - RECENT
        jql = f'project = "{scope.name}" and updated >= "{since:%Y-%m-%d %H:%M}" order by updated asc'
        question: dict[str, Json] = {"jql": jql, "fields": ["id"], "maxResults": IDS}
        pages = self._pages(SEARCH, question)
        ids = [str(issue["id"]) for body in pages for issue in answers.issues_in(body, SEARCH)]
        if read <= set(ids):
            yield Page(left=Left(ids, since + ZONES))

    def _search(self, scope: Scope, place: Place) -> Iterator[list[dict[str, Json]]]:
        since = ""
        if place.updated is not None:
            since = f' and updated >= "{moment(place.updated) - ZONES:%Y-%m-%d %H:%M}"'
        fields = list(dict.fromkeys((*answers.FIELDS, *self._rules.fields)))
        jql = f'project = "{scope.name}"{since} order by updated asc'
        question: dict[str, Json] = {"jql": jql, "fields": fields, "maxResults": LARGEST}
        for body in self._pages(SEARCH, question):
            yield answers.issues_in(body, SEARCH)

    def _pages(self, path: str, question: Mapping[str, Json]) -> Iterator[Json]:
        token: str | None = None
        paging = Token()
        while True:
            body = self._asked(path, {**question, "nextPageToken": token} if token else question)
            yield body
            token = paging.after(body, token)
            if token is None:
                return

    def _asked(self, path: str, question: Mapping[str, Json]) -> Json:
        try:
            return self._api.post(path, path, question, self._parse[path]).body
        except Malformed as error:
            if error.status == 400:  # JQL's way to say that there is no such project
                raise Gone("not there", path, 400) from None
            raise

    def _complete(self, issues: list[dict[str, Json]]) -> None:
        """Give each issue its moves, and what the site's rules say of it."""
        statuses = self._known_statuses()
        moves: dict[str, list[dict[str, Any]]] = {str(issue.get("id")): [] for issue in issues}
        question = {"issueIdsOrKeys": list(moves), "fieldIds": list(answers.FOLLOWED), "maxResults": HISTORIES}
        for body in self._pages(HISTORY, question):
            for number, histories in answers.histories_in(body, HISTORY):
                if number in moves:
                    moves[number].extend(answers.moves_in(histories, statuses))
        for issue in issues:
            self._rules.apply(issue, moves[str(issue.get("id"))])

    def _known_statuses(self) -> Mapping[str, Status]:
        """All statuses, asked for once."""
        with self._lock:
            if self._statuses is None:
                self._statuses = self._rules.classes.by_id(asked_statuses(self._api))
            return self._statuses


def asked_statuses(api: Api) -> list[Json]:
    """The statuses of a site, as it gives them."""
    answer = api.get(STATUSES, STATUSES, parse=answers.statuses_parsed)
    return answers.statuses_in(answer.body if answer else None, STATUSES)
