"""As much of Jira's query language as a connector speaks: projects, `updated` and `created` against a moment, order.

A moment is `yyyy-MM-dd HH:mm`, `yyyy-MM-dd` (or with slashes) in UTC, or milliseconds since 1970. All else is an error.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sources.sandbox.tasks import Issue

TOKEN = re.compile(r'\s*("(?:[^"\\]|\\.)*"|\'[^\']*\'|>=|<=|!=|=|>|<|\(|\)|,|[^\s=<>!(),"\']+)')
FORMATS = ("%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M", "%Y-%m-%d", "%Y/%m/%d")
COMPARE: dict[str, Callable[[datetime, datetime], bool]] = {
    ">=": lambda left, right: left >= right,
    "<=": lambda left, right: left <= right,
    ">": lambda left, right: left > right,
    "<": lambda left, right: left < right,
}


class Refusal(ValueError):
    """A query that Jira would not take."""


@dataclass(slots=True)
class Query:
    """What is asked: which projects (None: all), which moments, in which order."""

    projects: set[str] | None = None
    tests: list[tuple[str, str, datetime]] = field(default_factory=list)
    order: list[tuple[str, bool]] = field(default_factory=list)  # (field, descending)

    def takes(self, issue: Issue) -> bool:
        """Whether an issue is meant."""
        return all(COMPARE[operator](getattr(issue, name), value) for name, operator, value in self.tests)


def parsed(text: str) -> Query:
    """The query of a text."""
    tokens = TOKEN.findall(text)
    if "".join(tokens) != re.sub(r"\s+(?=(?:[^\"']*[\"'][^\"']*[\"'])*[^\"']*$)", "", text):
        raise Refusal("Error in the JQL Query: unexpected characters.")
    lower = [token.lower() for token in tokens]
    cut = next((at for at in range(len(lower) - 1) if lower[at : at + 2] == ["order", "by"]), len(tokens))
    query = Query()
    rest = tokens[:cut]
    while rest:
        rest = _clause(query, rest)
        if rest and rest.pop(0).lower() != "and":
            raise Refusal("Error in the JQL Query: only AND joins clauses here.")
    _order(query, [one for one in tokens[cut + 2 :] if one != ","])
    return query


def _clause(query: Query, tokens: list[str]) -> list[str]:
    """One clause; what is left after it."""
    if len(tokens) < 3:
        raise Refusal("Error in the JQL Query: a clause is not complete.")
    name, operator, rest = tokens[0].lower(), tokens[1].lower(), tokens[2:]
    if name == "project" and operator == "in" and ")" in rest:
        end = rest.index(")")
        query.projects = {_bare(one).upper() for one in rest[1:end] if one != ","}
        return rest[end + 1 :]
    if name == "project" and operator == "=":
        query.projects = {_bare(rest[0]).upper()}
    elif name in {"updated", "created"} and operator in COMPARE:
        query.tests.append((name, operator, _moment(_bare(rest[0]))))
    else:
        raise Refusal(f"Field '{_bare(tokens[0])}' does not exist or you do not have permission to view it.")
    return rest[1:]


def _order(query: Query, tokens: list[str]) -> None:
    for given in tokens:
        word = given.lower()
        if word in {"asc", "desc"} and query.order:
            query.order[-1] = (query.order[-1][0], word == "desc")
        elif word in {"updated", "created", "key", "id"}:
            query.order.append((word, False))
        else:
            raise Refusal(f"Not able to sort using field '{_bare(given)}'.")


def _moment(text: str) -> datetime:
    if re.fullmatch(r"-?\d{9,}", text):
        return datetime.fromtimestamp(int(text) / 1000, UTC).replace(tzinfo=None)
    for form in FORMATS:
        try:
            return datetime.strptime(text, form)  # noqa: DTZ007
        except ValueError:
            continue
    raise Refusal(f"Date value '{text}' for field 'updated' is invalid. Valid formats include: 'yyyy/MM/dd HH:mm'.")


def _bare(token: str) -> str:
    return token[1:-1] if token[:1] in {'"', "'"} else token
