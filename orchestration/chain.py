"""The register of releases as a chain: each entry names the digest of the one before it, so that none can be changed,
dropped or slipped in without every later digest telling.

An entry says what a release brought: digests of the released content by table and period, of the policy, of the tree
of each period, and of the files that readers open. Its own digest is the SHA-256 of its canonical JSON: keys in order,
no spaces, UTF-8. What stands now is the chain from its beginning: the last entry that names a period counts.

Deliberately absent: anything about what was not released. A digest of a blocked candidate could be solved for the few
values that it hides.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import date
from itertools import pairwise
from typing import Any

PUBLISH, RESTATE, RETRACT = "publish", "restate", "retract"
REASONS = {
    PUBLISH: (),
    RESTATE: ("late-data", "wrong-source"),
    RETRACT: ("late-data", "wrong-source", "wrong-roster", "erasure"),
}
Key = tuple[str, date]  # a table and the first day of one of its periods


@dataclass(frozen=True, slots=True)
class Entry:
    """One release; `contents` are digests by table and first day of the period, `files` by path, `trees` by period."""

    release_id: str
    released_on: date
    action: str
    reason: str | None
    policy: str
    contents: Mapping[str, Mapping[str, str]]
    trees: Mapping[str, str]
    files: Mapping[str, str]
    previous: str | None
    digest: str = ""

    @property
    def canonical(self) -> str:
        """All but its digest, as canonical JSON."""
        told: dict[str, Any] = asdict(self) | {"released_on": self.released_on.isoformat()}
        del told["digest"]
        return json.dumps(told, sort_keys=True, ensure_ascii=False, separators=(",", ":"))

    def closed(self) -> Entry:
        """The entry with its digest."""
        return replace(self, digest=hashlib.sha256(self.canonical.encode("utf-8", "surrogatepass")).hexdigest())

    @property
    def periods(self) -> Iterator[tuple[Key, str]]:
        """What it brought, with digests."""
        for table, starts in sorted(self.contents.items()):
            for start, digest in sorted(starts.items()):
                yield (table, date.fromisoformat(start)), digest


@dataclass(frozen=True, slots=True)
class Standing:
    """What readers see of a period: its content, and the entry that brought it."""

    digest: str
    release_id: str
    policy: str
    action: str


def standing(entries: Iterable[Entry]) -> dict[Key, Standing]:
    """What the chain says that readers see."""
    found: dict[Key, Standing] = {}
    for entry in entries:
        for key, digest in entry.periods:
            found[key] = Standing(digest, entry.release_id, entry.policy, entry.action)
    return found


def trees(entries: Iterable[Entry]) -> dict[date, str]:
    """The digest of the tree of every released period."""
    return {date.fromisoformat(start): digest for entry in entries for start, digest in entry.trees.items()}


def policies(entries: Iterable[Entry]) -> dict[date, str]:
    """The digest of the policy of every released period: one for all its tables."""
    return {start: entry.policy for entry in entries for (_, start), _ in entry.periods}


def age(entry: Entry) -> tuple[date, int]:
    """Releases are ordered by their day, then by the counter in their id."""
    counter = entry.release_id.rpartition("-")[2]
    return entry.released_on, int(counter) if counter.isdecimal() else 0


def faults(entries: Sequence[Entry]) -> Iterator[str]:
    """What is wrong with a chain, oldest first, one sentence each; nothing when it holds."""
    before: str | None = None
    for entry in entries:
        if entry.closed().digest != entry.digest:
            yield f"entry {entry.release_id} was changed: its digest is not the one of what it says"
        if entry.previous != before:
            yield f"entry {entry.release_id} does not follow the one before it: an entry was changed, dropped or added"
        before = entry.digest
    for one, other in pairwise(entries):
        if age(one) >= age(other):
            yield f"entry {other.release_id} is not younger than the one before it"
    yield from history_faults(entries)


def history_faults(entries: Sequence[Entry]) -> Iterator[str]:
    """A period is published once, and has one tree and one policy for good."""
    seen: set[Key] = set()
    grown: dict[str, str] = {}
    ruled: dict[date, str] = {}
    for entry in entries:
        where = f"entry {entry.release_id}"
        if entry.action not in REASONS or entry.reason not in (REASONS[entry.action] or (None,)):
            yield f"{where}: no such action, or not for that reason"
            continue
        brought = [key for key, _ in entry.periods]
        if any((key in seen) is (entry.action == PUBLISH) for key in brought):
            yield f"{where} publishes a period a second time, or takes back one that was never released"
        if any(grown.setdefault(start, digest) != digest for start, digest in entry.trees.items()):
            yield f"{where} names another tree for a period that was released before"
        if any(ruled.setdefault(start, entry.policy) != entry.policy for _, start in brought):
            yield f"{where} names another policy for a period that was released before"
        seen.update(brought)
