"""What a question costs on GitHub: nodes and points, counted as its documentation says, before anything is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sources.sandbox.dialects.selection import Field, Problem, filled

MOST_NODES = 500_000


@dataclass(frozen=True, slots=True)
class Costs:
    """The price of one question."""

    nodes: int
    points: int


def cost(fields: tuple[Field, ...], variables: Mapping[str, Any]) -> Costs:
    """The price of a question; Problem if it asks for more nodes than GitHub gives."""
    nodes, requests = _walk(fields, variables, 1)
    if nodes > MOST_NODES:
        message = (
            f"This query requests up to {nodes:,} possible nodes which exceeds the maximum limit of {MOST_NODES:,}."
        )
        raise Problem(message, "MAX_NODE_LIMIT_EXCEEDED")
    return Costs(nodes, max(1, round(requests / 100)))


def _walk(fields: tuple[Field, ...], variables: Mapping[str, Any], times: int) -> tuple[int, int]:
    nodes = requests = 0
    for field in fields:
        first = filled(field.arguments.get("first"), variables)
        inside = times
        if isinstance(first, int):
            inside = times * max(0, first)
            nodes, requests = nodes + inside, requests + times
        below = _walk(field.inner, variables, inside)
        nodes, requests = nodes + below[0], requests + below[1]
    return nodes, requests
