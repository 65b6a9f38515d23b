"""Misbehaviour on demand: what a real API does on a bad day, as often as it is told to.

Kinds: `primary_limit`, `secondary_limit` (GitHub), `jira_limit` (429), `error` (500), `slow`, `cut` (connection
closed without an answer), `malformed` (broken JSON), `half` (a page that ends before its Content-Length), `html` (a
page for people, status 200), `duplicates` (each page repeats the end of the one before), `gone` (a repository or
project is not there), `down` (503 to everything), `timeout` (GraphQL gives up), `refused` (403).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from sources.sandbox.broken import ANSWERS, Broken

KINDS = frozenset({*ANSWERS, "slow", "cut", "half", "malformed", "duplicates", "gone"})
LASTING = frozenset({"duplicates", "gone"})
SYSTEMS = frozenset({"github", "jira", "git", "events", "roster"})  # by the first word of their paths


@dataclass(slots=True)
class Fault:
    """One fault: of which kind, where, after how many undisturbed requests, how many times (None: for ever).

    `name` is the repository or project of `gone`; `seconds` the length of `slow` and of a limit; `part` must stand in
    the path for it to strike.
    """

    kind: str
    system: str = "*"
    times: int | None = 1
    after: int = 0
    seconds: float = 1.0
    name: str = ""
    part: str = ""

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            message = f"no fault is called {self.kind!r}; there are {', '.join(sorted(KINDS))}"
            raise ValueError(message)
        if self.system not in {"*", *SYSTEMS}:
            message = f"no system is called {self.system!r}; there are {', '.join(sorted(SYSTEMS))}, and * for all"
            raise ValueError(message)

    def strikes(self, system: str, path: str) -> bool:
        """Whether it strikes at this request; it remembers."""
        if self.kind in LASTING or self.system not in {"*", system} or self.part not in path:
            return False
        if self.after > 0:
            self.after -= 1
            return False
        if self.times is None:
            return True
        self.times -= 1
        return self.times >= 0


class Faults:
    """The faults in force."""

    def __init__(self, faults: Iterable[Fault | Mapping[str, Any]] = ()) -> None:
        self.active: list[Fault] = []
        self.replace(faults)

    def replace(self, faults: Iterable[Fault | Mapping[str, Any]]) -> None:
        """Put others into force."""
        self.active = [fault if isinstance(fault, Fault) else Fault(**fault) for fault in faults]

    def struck(self, system: str, path: str) -> Fault | None:
        """The fault that strikes at a request, if any."""
        return next((fault for fault in self.active if fault.strikes(system, path)), None)

    def overlap(self, system: str) -> int:
        """How many entries each page repeats."""
        return 3 if any(one.kind == "duplicates" and one.system in {"*", system} for one in self.active) else 0

    def gone(self, system: str) -> frozenset[str]:
        """Which repositories or projects are not there."""
        return frozenset(one.name for one in self.active if one.kind == "gone" and one.system in {"*", system})


def broken(fault: Fault, system: str) -> Broken:
    """The whole answer that a fault gives instead of the right one."""
    return ANSWERS[fault.kind](system, fault.seconds)
