"""What git is asked to tell of its history, and its answer read line by line: numbers, times and addresses.

No message, no name and no path is asked for; counts come as `--shortstat`, none for merges. The mailmap is honoured.
The address stands last in its line, so nothing that it holds can move another field.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from sources.errors import Malformed

ID = re.compile(r"[0-9a-f]{40}([0-9a-f]{24})?")
FIELD, RECORD = "\x1f", "\x1e"
STAT = re.compile(r" \d+ files? changed(?:, (\d+) insertions?\(\+\))?(?:, (\d+) deletions?\(-\))?")
LAST = 4_102_444_800  # the year 2100
LOG = (
    *("log", "--no-color", "--no-notes", "--use-mailmap", "--shortstat", "--diff-merges=off", "--find-renames"),
    *("--diff-algorithm=default", "--no-ext-diff", "--no-textconv"),
    f"--format=tformat:{RECORD}%H{FIELD}%P{FIELD}%at{FIELD}%ct{FIELD}%aE",
)


@dataclass(frozen=True, slots=True)
class Commit:
    """One commit, without a word of what it says."""

    sha: str
    parents: int
    authored: int | None
    committed: int | None
    address: str = field(repr=False)
    additions: int = 0
    deletions: int = 0


def parsed(lines: Iterator[str]) -> Iterator[Commit]:
    """The commits in the lines: a heading each, and for most a line of counts."""
    heading: list[str] = []
    counts = (0, 0)
    for line in lines:
        if line.startswith(RECORD):
            if heading:
                yield _commit(heading, counts)
            heading, counts = line[1:].split(FIELD, 4), (0, 0)
        elif line:
            counts = _counts(line)
    if heading:
        yield _commit(heading, counts)


def _counts(line: str) -> tuple[int, int]:
    """Additions and deletions of one line of counts."""
    found = STAT.fullmatch(line)
    if found is None:
        raise Malformed("git wrote something unknown", "git log") from None
    return int(found[1] or 0), int(found[2] or 0)


def _commit(heading: list[str], counts: tuple[int, int]) -> Commit:
    """One commit of its heading and counts."""
    try:
        sha, parents, authored, committed, address = heading
        additions, deletions = counts
    except ValueError:
        raise Malformed("git wrote something unknown", "git log") from None
    when, then = _moment(authored), _moment(committed)
    return Commit(checked(sha), len(parents.split()), when, then, address, additions, deletions)


def _moment(text: str) -> int | None:
    """Seconds since 1970; None of a time that no commit can have had: anybody can write any."""
    return int(text) if text.isdecimal() and int(text) < LAST else None


def checked(sha: str) -> str:
    """A commit's id; anything else never becomes a word on a command line."""
    if not ID.fullmatch(sha):
        raise Malformed("not a commit's id", "git") from None
    return sha
