"""The kinds of paging, one small class each; a reader names the one its API speaks, nothing is guessed.

Each answers one question: given the answer, where does the next page begin? None ends it. A page that names itself as
its successor is refused, so that no reading goes round for ever.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sources.errors import Malformed, Unavailable
from sources.minimise import lookup
from sources.stream import Json


@dataclass(frozen=True, slots=True)
class LinkHeader:
    """REST with `Link: <…>; rel="next"` (GitHub). The next page is a URL; sources.api refuses one of another host."""

    def after(self, links: Mapping[str, str], this: str) -> str | None:
        """The URL of the next page."""
        following = links.get("next")
        if following == this:
            raise Malformed("the page names itself as the next one") from None
        return following


@dataclass(frozen=True, slots=True)
class Token:
    """A token in the body that the next question repeats (Jira's `nextPageToken`); absent or null at the end."""

    path: str = "nextPageToken"

    def after(self, body: Json, this: str | None) -> str | None:
        """The token of the next page."""
        following = lookup(body, self.path)
        if following is None or following == "":
            return None
        if not isinstance(following, str) or following == this:
            raise Malformed("the page names no usable next one") from None
        return following


@dataclass(frozen=True, slots=True)
class Connected:
    """A GraphQL connection: `pageInfo { hasNextPage endCursor }` beside `nodes`."""

    def nodes(self, connection: Json) -> list[Json]:
        """The nodes that are there; the API may answer null for one it could not load."""
        found = connection.get("nodes") if isinstance(connection, dict) else None
        if not isinstance(found, list):
            raise Malformed("a connection without nodes") from None
        return [node for node in found if node is not None]

    def after(self, connection: Json, this: str | None) -> str | None:
        """The cursor of the next page."""
        info = connection.get("pageInfo") if isinstance(connection, dict) else None
        if not isinstance(info, dict) or info.get("hasNextPage") is not True:
            return None
        following = info.get("endCursor")
        if not isinstance(following, str) or following == this:
            raise Malformed("a connection names no usable next page") from None
        return following


class PageSize:
    """Halves when the API gives up on a page, and grows again after ten good ones."""

    def __init__(self, size: int, largest: int) -> None:
        self.size = size
        self._largest = largest
        self._good = 0

    def halve(self) -> None:
        """Ask for less; Unavailable when there is no less."""
        if self.size == 1:
            raise Unavailable("the API gives up even on a single record") from None
        self.size //= 2
        self._good = 0

    def good(self) -> None:
        """Count a page that came."""
        self._good += 1
        if self._good == 10:
            self.size, self._good = min(self._largest, self.size * 2), 0
