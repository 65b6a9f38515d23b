"""git: the commits of the default branch of each listed repository, whoever hosts it.

Stored: author, times, lines changed. Not read: messages, names, paths, other branches, tags. The author is the
mailmap's address; a no-reply address of GitHub is a login there. A machine is told by its address.

An address's head is asked for first; if it is the one last read, that was all (one question a repository). The cursor
is that head, in clear, as git needs it back; it is written with the last page only, so that a killed run reads again
from where the last complete one ended. After a forced push the whole branch is read again; commits that it no longer
holds stay, as they were written.

A token goes to the addresses below `url` alone. A repository is named by the last two parts of its address (of a path:
of its `origin`), or as the list says, `{address: /srv/mirror/tool, repository: acme/tool}`; GitHub's name of it makes
it one with what GitHub tells.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import islice
from pathlib import Path
from urllib.parse import urlsplit

from sources import addresses
from sources.clone import Git, commits, head, is_local, opened, origin
from sources.errors import SourceError, Unavailable
from sources.git_environment import Access
from sources.git_log import Commit
from sources.limits import Counters
from sources.minimise import fold
from sources.reading import Connection, Page, Scope, Settings
from sources.stream import Column, Json, Kind, Record, Stream, System

PAGE = 2000
WHERE = "systems.git.repositories"


class SameName(SourceError):
    """Two entries of the list would be one repository."""

    advice = "Give one of them its own `repository: owner/name` in the configuration, or take it out."


def account(record: Record) -> tuple[str, str] | None:
    """The login in a no-reply address of GitHub, else the address."""
    return addresses.account(record["address"]) if record["address"] else None


def is_bot(record: Record) -> bool:
    """Whether a machine wrote it."""
    return addresses.is_bot(record["address"])


def is_merge(record: Record) -> bool:
    """Whether it joins branches: more than one parent."""
    return bool(record["parents"] > 1)


COMMITS = Stream(
    name="commits",
    key=("repository_key", "commit_key"),
    columns=(
        Column("commit_key", Kind.KEY, "sha", space="commit"),
        Column("repository_key", Kind.SCOPE, "repository", space="repository"),
        Column("author_key", Kind.PERSON, of=account),
        Column("author_is_bot", Kind.FLAG, of=is_bot, actor=account),
        Column("authored_at", Kind.TIME, "authored"),
        Column("committed_at", Kind.TIME, "committed"),
        Column("is_merge", Kind.FLAG, of=is_merge),
        Column("additions", Kind.NUMBER, "additions"),
        Column("deletions", Kind.NUMBER, "deletions"),
    ),
)


class GitReader:
    """Reads the repositories listed in the options."""

    def __init__(self, connection: Connection, settings: Settings) -> None:
        self.counters = Counters()
        self._listed: tuple[Json, ...] = tuple(connection.options.get("repositories") or ())
        self._places: dict[str, int] = {}  # in the list, by name
        folder = connection.options.get("folder")
        proxy = connection.proxies.get("https") or connection.proxies.get("http") or ""
        access = Access(connection.url, connection.headers, proxy, connection.ca)
        self._git = Git(access, Path(folder) if folder else None)

    def survey(self) -> Iterator[Page]:
        """The repositories of the configuration; one that is gone fails when it is read, alone."""
        known: set[str] = set()
        for place, listed in enumerate(self._listed, 1):
            entry = listed if isinstance(listed, Mapping) else {"address": str(listed)}
            address = str(entry["address"])
            name = str(entry.get("repository") or name_of(origin(address, self._git)))
            if fold(name) in known:
                raise SameName("two repositories of one name", WHERE) from None
            known.add(fold(name))
            self._places[name] = place
            yield Page(scopes=[Scope(name, address)])

    def read(self, scope: Scope, cursor: str | None) -> Iterator[Page]:
        """The commits since the head that the cursor holds."""
        self._ask(scope)
        newest = head(scope.address, self._git)
        if newest is None:
            yield self._empty(scope, cursor)
        if newest is None or newest == cursor:
            return
        self._ask(scope)
        with opened(scope.address, self._git) as folder:
            found = commits(folder, newest, cursor, self._git)
            page = list(islice(found, PAGE))
            while page:
                following = list(islice(found, PAGE))
                records = [record_of(scope, commit) for commit in page]
                yield Page({"commits": records}, cursor=None if following else newest)
                page = following

    def _empty(self, scope: Scope, cursor: str | None) -> Page:
        """A log-in page of one line looks to git as an empty repository does; one that had commits is none."""
        if cursor is not None:
            raise Unavailable("a repository that had commits shows none", "git ls-remote") from None
        return Page(warnings=[f"repository {self._places[scope.name]} of {WHERE}: no commit on its default branch"])

    def _ask(self, scope: Scope) -> None:
        """Count what goes over the network."""
        self.counters.add(requests=0 if is_local(scope.address) else 1)


def record_of(scope: Scope, commit: Commit) -> dict[str, Json]:
    """A commit as a record of the stream."""
    return {
        "repository": scope.name,
        "sha": commit.sha,
        "address": commit.address,
        "authored": commit.authored,
        "committed": commit.committed,
        "parents": commit.parents,
        "additions": commit.additions,
        "deletions": commit.deletions,
    }


def name_of(address: str) -> str:
    """The last two parts of an address, without `.git`: usually `owner/name`."""
    if is_local(address):
        path = str(Path(address).resolve())
    else:
        path = urlsplit(address).path if "://" in address else address.partition(":")[2]
    parts = [part for part in path.split("/") if part]
    return "/".join(parts[-2:]).removesuffix(".git")


SYSTEM = System(
    name="git",
    streams=(COMMITS,),
    reads="commits",
    space="repository",
    reader=GitReader,
    needs=(("repositories",),),
    takes=("url", "token"),
)
