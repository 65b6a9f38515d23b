"""How GitHub Actions is read: by REST, the runs of each repository, newest first.

Nothing tells what was updated since: runs are listed by their creation alone, and one is done, or repeated, days after
it. So a night begins with the newest page, under the same address each night: by its ETag one question tells that
nothing has happened. Else its links are followed down to `AGAIN` before the newest run that was known, and what was
updated since the last reading is kept. What is repeated later than that goes unseen.

The first night goes on into the past by searches, `created` up to the oldest run that was seen: each gives a thousand
runs at most, and how far it came stands in the cursor, so that a killed run goes on there. ETag and cursor are written
with the last page of the news, so that a killed night asks again.

Of a run that was repeated, its first and second attempts are a question each, once, and only where the run may count.
When the first jobs of a page's runs began is one question more (`sources.systems.actions_queue`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from sources.api import Api, Words
from sources.errors import Gone
from sources.kept import Kept
from sources.paging import LinkHeader
from sources.parsing import Parse
from sources.questions import Answer
from sources.reading import Connection, Page, Scope, Settings
from sources.systems.actions_answers import (
    Run,
    counts,
    default_branch,
    full_name,
    has_ended,
    moment,
    repositories,
    repositories_parsed,
    repository_parsed,
    run_parsed,
    runs_of,
    runs_parsed,
)
from sources.systems.actions_queue import Queue

RUNS = "/repos/{repository}/actions/runs"
LARGEST: Mapping[str, str] = {"per_page": "100"}
AGAIN = timedelta(days=8)  # how long after its creation a run is looked at again
OVERLAP = timedelta(hours=1)
ASKED_FOR = 2  # of the attempts before the last one: the first is what counts, the second tells that it was repeated
LINKS = LinkHeader()


@dataclass(frozen=True, slots=True)
class Place(Kept):
    """Where the reading of a repository stands: the news by creation and by update, the past by creation."""

    newest: str | None = None  # when the newest run that was seen was created
    updated: str | None = None  # what was updated until then was seen
    before: str | None = None  # what was created until then is still to be read; None when the past is read

    def after(self, runs: list[Run]) -> Place:
        """The place once these were seen."""
        newest, updated = (
            max([*filter(None, [known]), *(run[name] for run in runs)], key=moment, default=None)
            for known, name in ((self.newest, "created_at"), (self.updated, "updated_at"))
        )
        return replace(self, newest=newest, updated=updated)


class ActionsReader:
    """Reads one organisation, or the repositories listed in the options."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self._api = Api(connection, settings.limits, settings.time)
        self._queue = Queue(self._api)
        self._options = connection.options
        self._etags = settings.etags
        self._branches: dict[str, str | None] = {}  # the default branches, in memory alone
        self.counters = self._api.counters

    def survey(self) -> Iterator[Page]:
        """The repositories: those listed, else all of the organisation."""
        listed = self._options.get("repositories") or ()
        organisation = str(self._options.get("organisation") or "")
        if listed:
            yield Page(scopes=[Scope(name if "/" in name else f"{organisation}/{name}") for name in listed])
            return
        for answer in self._pages(f"orgs/{organisation}/repos", "/orgs/{organisation}/repos", repositories_parsed):
            found = {full_name(each): default_branch(each) for each in repositories(answer.body)}
            self._branches |= found
            yield Page(scopes=[Scope(name) for name in found])

    def read(self, scope: Scope, cursor: str | None) -> Iterator[Page]:
        """What is new, then the past as far as it is not yet read."""
        place = Place.of(cursor)
        for page in self._news(scope, place):
            place = Place.of(page.cursor) if page.cursor else place
            yield page
        while place.before is not None:
            for page in self._search(scope, place):
                place = Place.of(page.cursor)
                yield page

    def _news(self, scope: Scope, place: Place) -> Iterator[Page]:
        """The newest page if it has changed; those below it as far as they may hold news."""
        floor = moment(place.newest) - AGAIN if place.newest else None
        since = moment(place.updated) - OVERLAP if place.updated else None
        etags, reached = None, place
        for answer in self._pages(_path(scope), RUNS, runs_parsed, etags=self._etags if place.newest else None):
            runs = runs_of(answer.body)
            etags = answer.etags if etags is None else etags
            reached = reached.after(runs)
            records = self._records(scope, [run for run in runs if since is None or moment(run["updated_at"]) >= since])
            oldest = runs[-1]["created_at"] if runs and "next" in answer.links else None
            if oldest is not None and floor is not None and moment(oldest) >= floor:
                yield Page({"runs": records})
                continue
            if floor is None:  # never read before
                reached = replace(reached, before=oldest)
            yield Page({"runs": records}, reached.cursor, etags)
            return

    def _search(self, scope: Scope, place: Place) -> Iterator[Page]:
        """One search in the past; the last one if it finds nothing older than what was known."""
        for answer in self._pages(_path(scope), RUNS, runs_parsed, {"created": f"<={place.before}"}):
            runs = runs_of(answer.body)
            oldest = runs[-1]["created_at"] if runs else place.before
            is_end = "next" not in answer.links and oldest == place.before
            reached = replace(place, before=None if is_end else oldest)
            yield Page({"runs": self._records(scope, runs)}, reached.cursor)

    def _records(self, scope: Scope, runs: list[Run]) -> list[Run]:
        """Runs and their earlier attempts, each with the repository around it."""
        if not runs:
            return []
        around = {"name": scope.name, "branch": self._branch(scope)}
        listed = [{**run, "repository": around} for run in runs]
        counted = [run for run in listed if counts(run)]
        suites = [run["check_suite_node_id"] for run in counted if run.get("check_suite_node_id") and has_ended(run)]
        began = self._queue.first_jobs(suites)
        for run in listed:
            run["first_job"] = began.get(run.get("check_suite_node_id") or "")
        more = {run["id"]: {"repository": around, "first_job": run["first_job"]} for run in counted}
        earlier = [{**one, **more[run["id"]]} for run in counted for one in self._earlier(scope, run)]
        return [*earlier, *listed]

    def _earlier(self, scope: Scope, run: Run) -> Iterator[Run]:
        """The first attempts of a run but the last one, which is listed, and those that GitHub has forgotten."""
        for number in range(1, min(run.get("run_attempt") or 1, ASKED_FOR + 1)):
            with suppress(Gone):
                path = f"{_path(scope)}/{run['id']}/attempts/{number}"
                answer = self._api.get(path, f"{RUNS}/{{id}}/attempts/{{number}}", parse=run_parsed)
                if answer is not None:
                    yield answer.body

    def _branch(self, scope: Scope) -> str | None:
        """The default branch: the list of an organisation tells it of each repository, one of ours does not."""
        if scope.name not in self._branches:
            answer = self._api.get(f"repos/{scope.name}", "/repos/{repository}", parse=repository_parsed)
            self._branches[scope.name] = default_branch(answer.body) if answer else None
        return self._branches[scope.name]

    def _pages(
        self, path: str, template: str, parse: Parse, asked: Words | None = None, etags: Words | None = None
    ) -> Iterator[Answer]:
        """The answers that the links lead through; none if nothing has changed."""
        this, answer = path, self._api.get(path, template, {**LARGEST, **(asked or {})}, etags, parse)
        while answer is not None:
            yield answer
            following = LINKS.after(answer.links, this)
            if following is None:
                return
            this, answer = following, self._api.get(following, template, parse=parse)


def _path(scope: Scope) -> str:
    return f"repos/{scope.name}/actions/runs"
