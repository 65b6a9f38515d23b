"""One question to an API and its answer, neither of which shows its content; and what a refusing status means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from sources.errors import Gone, Malformed, Refused, SourceError, TooMuch, Unavailable
from sources.patience import GATEWAY
from sources.stream import Json

LINK = re.compile(r'<([^>]*)>\s*;[^,<]*?rel="?([a-z]+)"?')


@dataclass(frozen=True, slots=True)
class Question:
    """One question. `template` is its path as it may be shown (`/repos/{repository}`); the URL never is."""

    method: str
    url: str = field(repr=False)
    template: str
    data: bytes | None = field(default=None, repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    gateway_means_too_much: bool = False  # a 502 or 504 says that the question was too large


@dataclass(frozen=True, slots=True)
class Answer:
    """A JSON answer; `etags` is what to remember to ask conditionally next time (empty without an ETag)."""

    body: Json = field(repr=False)
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    etags: Mapping[str, str] = field(default_factory=dict)

    @property
    def links(self) -> Mapping[str, str]:
        """The paging links by relation."""
        return {found[2]: found[1] for found in LINK.finditer(self.headers.get("Link", ""))}


def refusal(status: int, question: Question) -> SourceError:
    """What a status other than success and rate limit means."""
    where = question.template
    if status == 401:
        return Refused("the API does not know the token", where, status)
    if status in {404, 410}:
        return Gone("not there", where, status)
    if status in GATEWAY and question.gateway_means_too_much:
        return TooMuch("the API gave up on the question", where, status)
    if status >= 500:
        return Unavailable("the system is in trouble", where, status)
    return Malformed("an answer outside the API's promises", where, status)
