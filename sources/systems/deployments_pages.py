"""How deployments are read: lists by GraphQL (`deployments_walk.py`), runs by REST (`deployments_runs.py`).

The survey tells of each repository the newest entry of the lists that quorum.yaml asks for, so that a night without
news is one question a hundred repositories (one a repository, if they are listed in the options), and one a workflow.

Changed paths are asked for in repositories with services alone. A cursor remembers the rule by which it was read: under
another one a repository is read from its beginning.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from functools import partial
from typing import Any

from sources.api import Api
from sources.errors import Gone
from sources.graphql import ask, ask_sized
from sources.kept import Kept
from sources.minimise import lookup
from sources.paging import Connected, PageSize
from sources.reading import Connection, Page, Scope, Settings
from sources.stream import Json
from sources.systems import deployments_answers as answers
from sources.systems.deployments_query import LISTS, REST_OF, listed, survey
from sources.systems.deployments_rules import DEPLOYMENTS, RELEASES, WORKFLOWS, Rule, digest, own_service, rule_of
from sources.systems.deployments_runs import Runs
from sources.systems.deployments_walk import Place, Seen, Walk
from sources.systems.github_answers import full_name, owner, there

REPOSITORIES = 100  # repositories a page
CHANGES = "pullRequests"
NODES = Connected()


@dataclass(frozen=True, slots=True)
class Places(Kept):
    """Where the reading of a repository stands: by list or workflow, under a rule."""

    rule: str = ""
    lists: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    runs: Mapping[str, str] = field(default_factory=dict)  # the newest known, by the digest of the workflow's name

    def at(self, name: str) -> Place:
        """The place in a list."""
        known: Mapping[str, Any] = self.lists.get(name, {})
        return Place(**known)


class DeploymentsReader:
    """Reads one organisation, or the repositories listed in the options."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self._api = Api(connection, settings.limits, settings.time)
        self._options = connection.options
        self._rest = "v3/" if connection.url.rstrip("/").endswith("/api") else ""
        rules: Iterable[Mapping[str, Any]] = connection.options.get("rules") or ({},)
        self._rules = tuple(Rule.of(each) for each in rules)
        self._clock = settings.clock
        self._etags = settings.etags
        self._seen: dict[str, Mapping[str, Seen]] = {}  # by repository and list, as the survey told it
        kinds = {rule.read for rule in self._rules}
        self._lists = (
            *(name for name in (DEPLOYMENTS, RELEASES) if name in kinds),
            *([CHANGES] if any(rule.services for rule in self._rules) else []),
        )
        self.counters = self._api.counters

    def survey(self) -> Iterator[Page]:
        """The repositories and their services."""
        named = self._options.get("repositories") or ()
        organisation = str(self._options.get("organisation") or "")
        if named:
            for name in named:
                yield self._named(name if "/" in name else f"{organisation}/{name}")
            return
        size, after = PageSize(REPOSITORIES, REPOSITORIES), None
        while True:
            variables = {"organisation": organisation, "after": after}
            data = ask_sized(self._api, "graphql", survey(self._lists), variables, size)
            listing = there(data, "organization").get("repositories")
            yield self._surveyed([(full_name(each), each) for each in NODES.nodes(listing)])
            after = NODES.after(listing, after)
            if after is None:
                return

    def _named(self, name: str) -> Page:
        """One repository of the configuration; one that is gone fails when it is read, alone."""
        try:
            record = there(ask(self._api, "graphql", listed(self._lists), owner(Scope(name))), "repository")
        except Gone:
            return Page(scopes=[Scope(name)])
        return self._surveyed([(name, record)])

    def _surveyed(self, found: list[tuple[str, Json]]) -> Page:
        records = []
        for name, record in found:
            rule = rule_of(self._rules, name)
            self._seen[name] = {each: _newest(record, each) for each in self._lists}
            here = {"repository": name, "told_by": rule.read}
            records.append({**here, "service": own_service(name), "is_whole": True})
            records += [{**here, "service": service.name, "is_whole": False} for service in rule.services]
        return Page({"services": records}, scopes=[Scope(name) for name, _ in found])

    def read(self, scope: Scope, cursor: str | None) -> Iterator[Page]:
        """What is new by the rule of the repository: deployments, then the services of its changes."""
        rule = rule_of(self._rules, scope.name)
        places = Places.of(cursor)
        if places.rule != rule.digest:
            places = Places(rule.digest)
        readers: list[Callable[[Places], Iterator[tuple[Page, Places]]]] = []
        if rule.read == WORKFLOWS:
            readers += [partial(self._runs, scope, file, service) for file, service in rule.files(scope.name)]
        if rule.read in (DEPLOYMENTS, RELEASES):
            readers.append(partial(self._told, scope, rule))
        if rule.services:
            readers.append(partial(self._touched, scope, rule))
        for reader in readers:
            for page, reached in reader(places):
                places = reached
                yield replace(page, cursor=places.cursor)

    def _told(self, scope: Scope, rule: Rule, places: Places) -> Iterator[tuple[Page, Places]]:
        """GitHub's deployments or releases."""
        made = answers.deployment if rule.read == DEPLOYMENTS else answers.release
        walked = self._walked(scope, rule.read, lambda node: made(node, scope.name, rule) is None, places)
        for nodes, after in walked:
            records = [record for node in nodes if (record := made(node, scope.name, rule))]
            yield Page({"deployments": records}), after

    def _touched(self, scope: Scope, rule: Rule, places: Places) -> Iterator[tuple[Page, Places]]:
        """The services of merged changes."""
        for nodes, after in self._walked(scope, CHANGES, lambda _: False, places):
            records = [record for node in nodes for record in answers.services(node, scope.name, rule)]
            yield Page({"change_services": records}), after

    def _walked(
        self, scope: Scope, name: str, is_open: Callable[[Json], bool], places: Places
    ) -> Iterator[tuple[list[Json], Places]]:
        walk = Walk(partial(self._page, scope, name), is_open, _ordered_by(name), self._clock)
        seen = self._seen[scope.name].get(name) if scope.name in self._seen else None
        for nodes, place in walk.pages(places.at(name), seen):
            yield nodes, replace(places, lists={**places.lists, name: asdict(place)})

    def _page(self, scope: Scope, name: str, size: PageSize, after: str | None, order: Mapping[str, str]) -> Json:
        variables = {**owner(scope), "after": after, "order": order}
        repository = there(ask_sized(self._api, "graphql", LISTS[name], variables, size), "repository")
        for node in NODES.nodes(repository.get(name)):
            for inner in REST_OF:
                if inner in node:
                    self._complete(node, inner)
        return repository.get(name)

    def _complete(self, node: dict[str, Json], name: str) -> None:
        """Follow a nested list that did not fit."""
        nodes = NODES.nodes(node[name])
        after = NODES.after(node[name], None)
        while after:
            data = ask(self._api, "graphql", REST_OF[name], {"id": node["id"], "after": after})
            more = lookup(data, f"node.{name}")
            nodes += NODES.nodes(more)
            after = NODES.after(more, after)
        node[name] = {"nodes": nodes}

    def _runs(self, scope: Scope, file: str, service: str, places: Places) -> Iterator[tuple[Page, Places]]:
        """The runs of a workflow; none where the repository has no such workflow."""
        name = digest(file)
        news = Runs(self._api, f"{self._rest}repos/{scope.name}/actions/workflows/{file}/runs", self._etags)
        try:
            for runs, newest, etags in news.pages(places.runs.get(name)):
                records = [record for run in runs if (record := answers.run(run, scope.name, service))]
                reached = replace(places, runs={**places.runs, name: newest}) if newest else places
                yield Page({"deployments": records}, etags=etags), reached
        except Gone:
            if scope.name not in self._seen:
                raise


def _newest(record: Json, name: str) -> Seen:
    found = NODES.nodes(lookup(record, name))
    if not found:
        return Seen()
    entry = digest(f"{lookup(found[0], 'id')} {lookup(found[0], 'updatedAt')}")
    return Seen(entry, lookup(found[0], _ordered_by(name)))


def _ordered_by(name: str) -> str:
    return "updatedAt" if name == CHANGES else "createdAt"
