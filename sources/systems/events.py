"""events: deployments and incidents that other systems tell, as JSON Lines: files, addresses that answer with them, or
bodies that were posted to us and wait in the inbox.

One line is one deployment that has ended or one incident, as `events_lines.py` says (`quorum schema events` prints
it). A line replaces an earlier one of the same id, so that an incident is told when it opens and again when it is
resolved. A bad line is left out and its number told; a line of a later schema too. Where all lines are bad, it is no
events file but a log-in page, and fails.

Stored: keyed ids, service, repository, commit and changes; times; environment and status from closed lists; who
triggered a deployment, as a pseudonym. Not read: any other field. A token goes to the addresses below `url` alone.

A file is one page, read whole; the cursor is the digest of what was read, so that an unchanged one is not
written again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

from sources.api import Api
from sources.errors import Gone, Malformed
from sources.limits import Counters
from sources.minimise import fold
from sources.reading import Connection, Page, Scope, Settings
from sources.stream import Column, Kind, Record, Stream, System
from sources.systems.events_lines import parse

PAGE = 2000
WHERE = "systems.events.files"
INBOX = ":inbox"  # the scope of what was posted to us
PRODUCTION = {"production": "production", "prod": "production", "live": "production"}
STATUSES = {"success": "success", "failure": "failure", "cancelled": "cancelled"}


def deployer(record: Record) -> tuple[str, str] | None:
    """Who triggered it; nobody where a machine did."""
    space, _, account = str(record["by"] or "").partition(":")
    return None if not account or account.endswith("[bot]") else (space, account)


def sha(record: Record) -> str | None:
    """The deployed commit, in lower case."""
    commit = record["sha"]
    return str(commit).lower() if commit else None


def change_id(record: Record) -> str:
    """The repository and the number, as GitHub's changes are keyed."""
    name, _, number = record["name"].rpartition("#")
    return f"{fold(name)}#{int(number)}"


DEPLOYMENTS = Stream(
    name="deployments",
    key=("deployment_key",),
    columns=(
        Column("deployment_key", Kind.KEY, "id", space="deployment"),
        Column("service_key", Kind.SCOPE, "service", space="service", required=True),
        Column("repository_key", Kind.SCOPE, "repository", space="repository"),
        Column("commit_key", Kind.KEY, of=sha, space="commit"),
        Column("fixes_key", Kind.KEY, "fixes", space="deployment"),
        Column("deployer_key", Kind.PERSON, of=deployer),
        Column("environment", Kind.CATEGORY, "environment", mapping=PRODUCTION),
        Column("status", Kind.CATEGORY, "status", mapping=STATUSES),
        Column("started_at", Kind.TIME, "started_at"),
        Column("finished_at", Kind.TIME, "finished_at", required=True),
    ),
)
DEPLOYED_CHANGES = Stream(
    name="deployed_changes",
    key=("deployment_key", "change_key"),
    parent=DEPLOYMENTS,
    at="changes",
    replaces=("deployment_key",),
    columns=(
        Column("deployment_key", Kind.KEY, "parent.id", space="deployment"),
        Column("change_key", Kind.KEY, of=change_id, space="change"),
    ),
)
INCIDENTS = Stream(
    name="incidents",
    key=("incident_key",),
    columns=(
        Column("incident_key", Kind.KEY, "id", space="incident"),
        Column("service_key", Kind.SCOPE, "service", space="service", required=True),
        Column("caused_by_key", Kind.KEY, "caused_by", space="deployment"),
        Column("opened_at", Kind.TIME, "opened_at", required=True),
        Column("resolved_at", Kind.TIME, "resolved_at"),
    ),
)


class EventsReader:
    """Reads the files listed in the options."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self.counters = Counters()
        self._connection = connection
        self._settings = settings
        self._listed = tuple(str(one) for one in connection.options.get("files") or ())
        self._inbox: Callable[[], bytes] | None = connection.options.get("inbox")

    def survey(self) -> Iterator[Page]:
        """The files of the configuration, and the inbox; a file that is gone fails when it is read, alone."""
        yield Page(scopes=[Scope(address) for address in (*self._listed, *([INBOX] if self._inbox else []))])

    def read(self, scope: Scope, cursor: str | None) -> Iterator[Page]:
        """The whole file, unless it is what was read last."""
        content = self._content(scope.name)
        digest = hashlib.sha256(content).hexdigest()
        if digest == cursor:
            return
        lines = parse(content)
        if lines.bad and not lines.deployments and not lines.incidents:
            raise Malformed("no line that is as the schema says", WHERE) from None
        yield Page(warnings=[f"{self._place(scope.name)}: {warning}" for warning in lines.warnings])
        for name, records in (("deployments", lines.deployments), ("incidents", lines.incidents)):
            left = iter({record["id"]: record for record in records}.values())  # the last of one id
            while page := list(islice(left, PAGE)):
                yield Page({name: page})
        yield Page(cursor=digest)

    def _place(self, name: str) -> str:
        return "inbox" if name == INBOX else f"file {self._listed.index(name) + 1} of {WHERE}"

    def _content(self, address: str) -> bytes:
        if self._inbox and address == INBOX:
            return self._inbox()
        if not address.startswith(("http://", "https://")):
            try:
                return Path(address).read_bytes()
            except OSError:
                raise Gone("a file that cannot be read", WHERE) from None
        ours = self._connection
        below = bool(ours.url) and address.startswith(ours.url.rstrip("/") + "/")
        headers = ours.headers if below else {}
        api = Api(Connection(address, headers, {}, ours.proxies, ours.ca), self._settings.limits, self._settings.time)
        try:
            return api.fetch(WHERE)
        finally:
            self.counters.add(requests=api.counters.requests, size=api.counters.bytes)


SYSTEM = System(
    name="events",
    streams=(DEPLOYMENTS, DEPLOYED_CHANGES, INCIDENTS),
    reads="deployments",
    space="feed",
    reader=EventsReader,
    needs=(("files", "inbox"),),
    takes=("url", "token"),
)
