"""What a site's own words mean here, by the rules of quorum.yaml: which statuses are work and which are waiting, which
items came unplanned, which are incidents of which service.

Names of statuses, types, labels and components are free text: they are looked at in memory, case-folded, against the
lists of the configuration, and only the class, the flag or the keyed service goes on. Without a list there is no
answer: null, not false. Statuses have classes as soon as one is listed as waiting; without it all time would be work.
One that is listed as cancelled has its class in any case.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from sources.minimise import fold, lookup
from sources.stream import Json
from sources.systems.jira_answers import Status, moment

CANCELLED = "cancelled"
CLASSES = ("queue", "active", "waiting", "done", CANCELLED)
BY_CATEGORY = {"new": "queue", "indeterminate": "active", "done": "done"}
PLAIN = {"new", "done"}  # categories that say enough: a status in them needs no line in quorum.yaml
COMPONENTS = "components"


def words(listed: Iterable[object]) -> frozenset[str]:
    """Names as they are compared."""
    return frozenset(fold(str(word)) for word in listed)


class Classes:
    """The classes of statuses, by the lists of quorum.yaml."""

    def __init__(self, lists: Mapping[str, Iterable[str]]) -> None:
        self._by_word = {word: name for name, listed in lists.items() for word in words(listed)}
        self.are_told = "waiting" in self._by_word.values()

    def listed(self, status: Json) -> str | None:
        """The class that a status of an answer is listed in, by its id or its name."""
        names = (lookup(status, "id"), lookup(status, "name"), lookup(status, "untranslatedName"))
        return next((self._by_word[one] for name in names if (one := fold(str(name))) in self._by_word), None)

    def by_id(self, statuses: Iterable[Json]) -> dict[str, Status]:
        """All statuses of a site."""
        return {str(lookup(status, "id")): self.of(status) for status in statuses}

    def of(self, status: Json) -> Status:
        """A status of an answer."""
        category, listed = str(lookup(status, "statusCategory.key")), self.listed(status)
        if not self.are_told and listed != CANCELLED:
            return Status(category)
        return Status(category, listed or BY_CATEGORY.get(category), listed is not None or category in PLAIN)


class Rules:
    """The rules of one site."""

    def __init__(self, options: Mapping[str, Any]) -> None:
        unplanned, incidents = options.get("unplanned") or {}, options.get("incidents") or {}
        self.classes = Classes(options.get("statuses") or {})
        self._labels = words(unplanned.get("labels") or ())
        self._types = words(unplanned.get("types") or ())
        self._incidents = words(incidents.get("types") or ())
        self._service = str(incidents.get("service") or COMPONENTS)

    @property
    def fields(self) -> tuple[str, ...]:
        """The fields that these rules look at, beside those that are always asked for."""
        asked = ("labels" if self._labels else "", self._service if self._incidents else "")
        return tuple(filter(None, asked))

    def apply(self, issue: dict[str, Json], moves: list[dict[str, Any]]) -> None:
        """Give an issue its moves and what the rules say of it."""
        fields = lookup(issue, "fields")
        status = self.classes.of(lookup(fields, "status"))
        issue["transitions"] = moves
        issue["status_class"] = status.status_class
        issue["is_unplanned"] = self._is_unplanned(fields)
        issue["incidents"] = list(self._disturbed(fields, status.category, moves))

    def _is_unplanned(self, fields: Json) -> bool | None:
        if not self._labels and not self._types:
            return None
        labels = lookup(fields, "labels")
        return bool(self._labels & words(labels if isinstance(labels, list) else ())) or self._is_of(
            fields, self._types
        )

    def _is_of(self, fields: Json, types: frozenset[str]) -> bool:
        if not types:
            return False
        kind = lookup(fields, "issuetype")
        return bool(types & words(filter(None, (lookup(kind, "name"), lookup(kind, "untranslatedName")))))

    def _disturbed(self, fields: Json, category: str | None, moves: list[dict[str, Any]]) -> Iterator[dict[str, Json]]:
        """An incident of each service that the issue names; none where it names none."""
        if not self._is_of(fields, self._incidents):
            return
        resolution = lookup(fields, "resolution.name")
        resolved = _ended(moves, lookup(fields, "resolutiondate")) if category == "done" else None
        for service in sorted(set(_named(lookup(fields, self._service)))):
            yield {"service": service, "resolved_at": resolved, "resolution": resolution}


def _named(value: Json) -> Iterator[str]:
    """The names in a field: a text, an option or a component, or a list of them."""
    for one in value if isinstance(value, list) else [value]:
        name = one if isinstance(one, str) else lookup(one, "value") or lookup(one, "name")
        if isinstance(name, str) and name.strip():
            yield name


def _ended(moves: list[dict[str, Any]], otherwise: Json) -> Json:
    """When an issue that is done last became so; when it was resolved, if its history does not tell."""
    entries = [move["at"] for move in moves if move["to_category"] == "done" != move["from_category"]]
    return max(entries, key=_time) if entries else otherwise


def _time(value: Json) -> datetime:
    return datetime.fromtimestamp(value / 1000, UTC) if isinstance(value, int) else moment(value)
