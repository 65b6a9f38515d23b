"""What is read from a system, as data: systems, streams, columns.

A column has one of seven kinds; an eighth does not exist, so free text has no way in. What no column names is dropped
(sources/minimise.py). A wrong declaration fails when its module is imported, with the stream's and the column's name.
Nothing is computed here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pyarrow as pa

    from sources.reading import Connection, Reader, Settings

Json = Any  # whatever an answer may hold
Record = Mapping[str, Json]
PARENT = "parent."  # begins the paths of a nested record that lead to the one around it
NAME = re.compile(r"[a-z][a-z0-9_]*")


class Kind(Enum):
    """All that a column can be."""

    KEY = "key"  # keyed pseudonym
    SCOPE = "scope"  # keyed pseudonym of a repository or project
    PERSON = "person"  # keyed pseudonym of an account
    CATEGORY = "category"  # one of a closed list
    NUMBER = "number"
    TIME = "time"  # UTC, to the second
    FLAG = "flag"


@dataclass(frozen=True, slots=True)
class Account:
    """Where a person's account stands in the record, and in which namespace it lives: github, jira, email."""

    space: str
    path: str


@dataclass(frozen=True, slots=True)
class Column:
    """One column: where it comes from and what becomes of it at the door.

    `path` is dotted (`head.repo.id`; `parent.` leads to the record around a nested one) and tolerates null objects;
    `of` computes the value from the record alone instead, in memory, and its docstring is its documentation.
    """

    name: str
    kind: Kind
    path: str = ""
    of: Callable[[Record], object] | None = None
    space: str = ""  # keys and scopes: the namespace of the pseudonym
    actor: Callable[[Record], tuple[str, str] | None] | None = (
        None  # flags: also true of an account listed as a machine
    )
    accounts: tuple[Account, ...] = ()  # persons: the first that is present counts; or `of`, giving (space, account)
    mapping: Mapping[str, str] = field(default_factory=dict)  # categories: the API's word, in lower case → ours
    other: str | None = "other"  # categories: what any other word becomes
    required: bool = False  # null is an error

    @property
    def domain(self) -> tuple[str, ...]:
        """The closed list of a category."""
        words = dict.fromkeys(self.mapping.values())
        return (*words, *((self.other,) if self.other is not None and self.other not in words else ()))

    def faults(self) -> Iterator[str]:
        """What is wrong with the declaration."""
        if not NAME.fullmatch(self.name):
            yield "the name is not lower snake case"
        ways = sum((bool(self.path), self.of is not None, bool(self.accounts)))
        if ways != 1:
            yield "exactly one of path, of and accounts says where the value comes from"
        if self.accounts and self.kind is not Kind.PERSON or self.kind is Kind.PERSON and self.path:
            yield "accounts belong to persons, and a path does not"
        if (self.kind is Kind.CATEGORY) != bool(self.mapping):
            yield "a mapping belongs to categories, and every category has one"
        if any(word != word.strip().lower() for word in self.mapping):
            yield "the words of a mapping are in lower case"
        if (self.kind in {Kind.KEY, Kind.SCOPE}) != bool(self.space):
            yield "a space belongs to keys and scopes, and each has one"
        if self.actor is not None and self.kind is not Kind.FLAG:
            yield "only a flag tells of an actor"


@dataclass(frozen=True)
class Stream:
    """One table of rows; a nested stream lies inside the records of its parent.

    `replaces` names the columns by which stored rows give way to new ones: the key by default; a nested stream gives
    way by its parent's key, also where the parent has no nested row any more. Where a reader tells which records are
    left (`sources.reading.Left`), `within` names the columns with their scope and their last update.
    """

    name: str
    columns: tuple[Column, ...]
    key: tuple[str, ...]
    replaces: tuple[str, ...] = ()
    within: tuple[str, ...] = ()
    parent: Stream | None = None
    at: str = ""  # nested: the path of the list in the parent's record
    keep: Callable[[Record], bool] | None = None  # records for which it is false are dropped

    def __post_init__(self) -> None:
        if not self.replaces:
            object.__setattr__(self, "replaces", self.key)
        for fault in self.faults():
            message = f"stream {self.name!r}: {fault}"
            raise ValueError(message)

    def faults(self) -> Iterator[str]:
        """What is wrong with the declaration."""
        names = [column.name for column in self.columns]
        if not NAME.fullmatch(self.name):
            yield "the name is not lower snake case"
        for column in self.columns:
            yield from (f"column {column.name!r}: {fault}" for fault in column.faults())
            if names.count(column.name) > 1:
                yield f"column {column.name!r}: declared twice"
        yield from (f"column {name!r}: in the key, but not declared" for name in self.key if name not in names)
        if not self.key:
            yield "no key"
        if (self.parent is None) != (not self.at):
            yield "parent and at belong together"
        yield from (f"column {name!r}: within needs it" for name in self.within if name not in names)
        outer = self.parent.columns if self.parent else self.columns
        known = {column.name for column in outer} & set(names)
        yield from (
            f"column {name!r}: replaces needs it here and in the parent" for name in self.replaces if name not in known
        )

    def column(self, name: str) -> Column:
        """The column of this name."""
        return next(column for column in self.columns if column.name == name)

    @cached_property
    def schema(self) -> pa.Schema:
        """The pyarrow schema of this stream's rows."""
        import pyarrow as pa

        types = {Kind.NUMBER: pa.int64(), Kind.TIME: pa.timestamp("us"), Kind.FLAG: pa.bool_()}
        needed = {c.name for c in self.columns if c.required or c.name in self.key}
        return pa.schema(pa.field(c.name, types.get(c.kind, pa.string()), c.name not in needed) for c in self.columns)


@dataclass(frozen=True, slots=True)
class System:
    """One system: its streams, the stream that is read scope by scope, and who reads it."""

    name: str
    streams: tuple[Stream, ...]
    reads: (
        str  # the top-level stream that `Reader.read` delivers, with its nested ones; the cursor is kept under its name
    )
    space: str  # the namespace of its scopes: repository, project
    reader: Callable[[Connection, Settings], Reader]
    needs: tuple[tuple[str, ...], ...] = ()  # keys of its block in quorum.yaml: one at least of each group
    takes: tuple[str, ...] = ()  # further keys

    def __post_init__(self) -> None:
        names = [stream.name for stream in self.streams]
        top = {stream.name for stream in self.streams if stream.parent is None}
        lost = [s.name for s in self.streams if s.parent is not None and s.parent not in self.streams]
        twice = sorted({name for name in names if names.count(name) > 1})
        if lost or twice or self.reads not in top:
            faults = f"streams without their parent {lost}, declared twice {twice}"
            message = f"system {self.name!r}: {faults}, reads {self.reads!r} of {sorted(top)}"
            raise ValueError(message)

    def stream(self, name: str) -> Stream:
        """The stream of this name."""
        return next(stream for stream in self.streams if stream.name == name)

    def table(self, stream: str) -> str:
        """The name of a stream's table in the vault's schema `raw`."""
        return f"{self.name}_{self.stream(stream).name}"

    def children(self, stream: Stream) -> tuple[Stream, ...]:
        """The streams nested in this one."""
        return tuple(child for child in self.streams if child.parent is stream)
