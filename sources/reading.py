"""What passes between the extraction and the readers of the systems: connections, scopes, pages.

A page holds records as the API gave them and lives in memory only; `repr` of it and of a connection shows nothing of
what they hold.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from sources.limits import Counters, Limits, Time
from sources.stream import Record

LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


@dataclass(frozen=True, slots=True)
class Scope:
    """What a reader reads one at a time: a repository (`owner/name`) or a project (its key).

    `address` says where to find it, if not by its name; `size` roughly how much it holds: the largest is begun first,
    so that none is left to be read alone in the end.
    """

    name: str
    address: str = ""
    size: int = 0


@dataclass(frozen=True, slots=True)
class Left:
    """The ids of all records of a scope that are left of those updated since a moment (UTC; None: ever)."""

    ids: Sequence[str] = field(repr=False)
    since: datetime | None


@dataclass(frozen=True, slots=True)
class Page:
    """One page as it came, and what is to be remembered with it.

    `records` are those of top-level streams, by stream name; nested ones lie in them.
    `left` tells of the stream that is read which records a scope still has: others of it were deleted.
    A cursor of None leaves the remembered one as it is. `scopes` is what a survey found. `warnings` tell who runs
    the night what was left out, where and how often, never a value.
    """

    records: Mapping[str, Sequence[Record]] = field(default_factory=dict, repr=False)
    cursor: str | None = None
    etags: Mapping[str, str] = field(default_factory=dict)
    scopes: Sequence[Scope] = ()
    warnings: Sequence[str] = ()
    left: Left | None = None


@dataclass(frozen=True, slots=True)
class Connection:
    """How to reach one system: headers carry the token; options are its own (organisation, repositories, projects)."""

    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    options: Mapping[str, Any] = field(default_factory=dict, repr=False)
    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca: str = ""

    @property
    def route(self) -> dict[str, str]:
        """The proxies that are asked: none where the address is of this machine."""
        return {} if urlsplit(self.url).hostname in LOOPBACK else dict(self.proxies)


class Reader(Protocol):
    """What a system gives to the extraction; used by several threads at once, one scope by one thread."""

    counters: Counters

    def survey(self) -> Iterator[Page]:
        """Find the scopes."""

    def read(self, scope: Scope, cursor: str | None) -> Iterator[Page]:
        """Read one scope from the cursor on; the cursor is a string that only the reader understands."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What an extraction hands to a reader: the clock (UTC) up to which history is wanted, known ETags, and limits."""

    clock: datetime
    etags: Mapping[str, str] = field(default_factory=dict, repr=False)
    limits: Limits = field(default_factory=Limits)
    time: Time = field(default_factory=Time)
