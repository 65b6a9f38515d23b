"""A proposal for the list `statuses` of quorum.yaml, from the statuses that a Jira has: one question, nothing stored.

The category decides, but for words that many sites use: what is reviewed, blocked or on hold waits, whatever the board
calls it. What quorum.yaml lists already stays as it is. It is a proposal: only who works with a board knows which of
its columns are work.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from sources.api import Api
from sources.minimise import fold, lookup
from sources.reading import Connection
from sources.stream import Json
from sources.systems.jira_pages import asked_statuses
from sources.systems.jira_rules import BY_CATEGORY, CANCELLED, CLASSES, PLAIN, Classes

STUCK = re.compile(r"\b(block(ed|er)?|on hold|hold|wait(ing)?|await(ing)?|pending|paused|impeded|stalled|parked)\b")
HANDED = re.compile(r"\b(review|ready (for|to)|approv(al|e)|feedback|sign[- ]?off|to (test|verify|deploy|release))\b")
DROPPED = re.compile(r"\b(cancel(l?ed)?|won'?t|rejected|declined|duplicate|obsolete|abandoned|invalid|not planned)\b")
WRITTEN = re.compile(r"\b(backlog|to ?do|open|new|selected|planned|triage)\b")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A status as the terminal shows it; `listed` is its class in quorum.yaml, None where it has no line there."""

    id: str
    name: str
    category: str
    proposed: str
    listed: str | None

    @property
    def is_needed(self) -> bool:
        """Whether a line says more than its category does. Few sites use what has none."""
        usual = BY_CATEGORY.get(self.category)
        return usual is not None and (self.category not in PLAIN or self.proposed != usual)


def proposals(connection: Connection) -> list[Proposal]:
    """The statuses of a site, each once a name and category, in the order of work."""
    classes = Classes(connection.options.get("statuses") or {})
    found: dict[tuple[str, str], Proposal] = {}
    for status in asked_statuses(Api(connection)):
        one = _proposed(status, classes)
        found.setdefault((fold(one.name), one.category), one)
    places = {category: place for place, category in enumerate(BY_CATEGORY)}
    return sorted(found.values(), key=lambda one: (places.get(one.category, len(places)), fold(one.name)))


def block(listed: Iterable[Proposal]) -> Mapping[str, list[str]]:
    """The list for quorum.yaml: by class the names that need a line; ids, where one name has two classes."""
    found = list(listed)
    classes: dict[str, set[str]] = {}
    for one in found:
        classes.setdefault(fold(one.name), set()).add(one.proposed)
    told: dict[str, list[str]] = {name: [] for name in CLASSES}
    for one in (one for one in found if one.listed or one.is_needed):
        told[one.proposed].append(one.id if len(classes[fold(one.name)]) > 1 else one.name)
    return {name: list(dict.fromkeys(names)) for name, names in told.items() if names}


def _proposed(status: Json, classes: Classes) -> Proposal:
    name = "".join(filter(str.isprintable, str(lookup(status, "name"))))
    category = str(lookup(status, "statusCategory.key"))
    listed = classes.listed(status)
    return Proposal(str(lookup(status, "id")), name, category, listed or _guessed(fold(name), category), listed)


def _guessed(name: str, category: str) -> str:
    """By well-known words, else by the category."""
    if category not in BY_CATEGORY or category == "done":
        return CANCELLED if category == "done" and DROPPED.search(name) else BY_CATEGORY.get(category, "-")
    if STUCK.search(name) or category != "new" and HANDED.search(name):
        return "waiting"
    if WRITTEN.search(name):
        return "queue"
    return BY_CATEGORY[category]
