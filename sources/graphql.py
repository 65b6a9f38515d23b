"""GraphQL over sources.api: an answer with status 200 may still be a refusal, and says which in words.

Told apart: a rate limit (waited for), a question too large (node limit, resource limit, time-out: TooMuch, the reader
asks for less), what is not there (Gone), what the token may not see (Refused). The API's own message is looked at and
never passed on.
"""

from __future__ import annotations

from collections.abc import Mapping

from sources.api import Api
from sources.errors import Gone, Malformed, RateLimited, Refused, TooMuch, Unavailable
from sources.minimise import lookup
from sources.paging import PageSize
from sources.patience import UNTOLD
from sources.questions import Answer
from sources.stream import Json

TOO_MUCH_TYPES = frozenset({"MAX_NODE_LIMIT_EXCEEDED", "RESOURCE_LIMITS_EXCEEDED", "TIMEOUT"})
TOO_MUCH_WORDS = ("timeout", "timed out", "node limit", "resource limits", "something went wrong while executing")


def ask(
    api: Api, path: str, query: str, variables: Mapping[str, Json], gateway_means_too_much: bool = False
) -> Mapping[str, Json]:
    """The `data` of the answer. A gateway that gives up is asked again, unless who asks can ask for less (TooMuch)."""
    for attempt in range(api.limits.attempts):
        question = {"query": query, "variables": variables}
        answer = api.post(path, "/graphql", question, gateway_means_too_much=gateway_means_too_much)
        errors = lookup(answer.body, "errors")
        if not errors:
            data = lookup(answer.body, "data")
            if not isinstance(data, dict):
                raise Malformed("an answer without data", "/graphql") from None
            return data
        if not _is_rate_limit(errors):
            _raise(errors)
        _hold(api, answer, attempt)
    raise RateLimited("rate limits without end", "/graphql") from None


def ask_sized(api: Api, path: str, query: str, variables: Mapping[str, Json], size: PageSize) -> Mapping[str, Json]:
    """The same in pages as large as the API manages: the size goes as `first`, and falls where it was too much."""
    while True:
        try:
            data = ask(api, path, query, {**variables, "first": size.size}, gateway_means_too_much=True)
        except TooMuch:
            size.halve()
            api.patience.back_off(0)
            continue
        size.good()
        return data


def _words(errors: Json) -> list[tuple[str, str]]:
    """Type and message of each error, in one case."""
    listed = errors if isinstance(errors, list) else [errors]
    pairs = ((lookup(error, "type") or lookup(error, "extensions.code"), lookup(error, "message")) for error in listed)
    return [(str(kind or "").upper(), str(message or "").lower()) for kind, message in pairs]


def _is_rate_limit(errors: Json) -> bool:
    return any(kind in {"RATE_LIMITED", "RATE_LIMIT"} or "rate limit" in message for kind, message in _words(errors))


def _hold(api: Api, answer: Answer, attempt: int) -> None:
    wanted = api.patience.wanted(answer.headers)
    api.patience.hold(UNTOLD * 2**attempt if wanted is None else wanted, "/graphql")


def _raise(errors: Json) -> None:
    for kind, message in _words(errors):
        if kind in TOO_MUCH_TYPES or any(word in message for word in TOO_MUCH_WORDS):
            raise TooMuch("the API gave up on the question", "/graphql") from None
        if kind == "NOT_FOUND":
            raise Gone("not there", "/graphql") from None
        if kind in {"FORBIDDEN", "INSUFFICIENT_SCOPES"}:
            raise Refused("the API refuses", "/graphql") from None
        if kind in {"SERVICE_UNAVAILABLE", "INTERNAL"}:
            raise Unavailable("the system is in trouble", "/graphql") from None
    raise Malformed("the API does not understand the question", "/graphql") from None
