"""How JSON becomes objects: only what a reader looks at, so that the rest of an answer is never made at all.

    parse = shaped("issues[].id", "issues[].fields.project.key", "nextPageToken")

An answer of another shape is parsed whole, and its reader says what is wrong with it; so is one by GraphQL, which holds
what was asked for and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from types import GenericAlias
from typing import Any, TypedDict

import msgspec

from sources.stream import Json

Parse = Callable[[bytes], Json]
UNREADABLE = (msgspec.DecodeError, UnicodeDecodeError, RecursionError)  # no JSON, no UTF-8, nested without end
whole: Parse = msgspec.json.Decoder().decode
written: Callable[[Json], bytes] = msgspec.json.Encoder().encode


def shaped(*paths: str) -> Parse:
    """Parses what stands at these paths, if anything does; `[]` behind a name, or in its place, leads into a list."""
    parse = msgspec.json.Decoder(_shape(path.split(".") for path in paths)).decode

    def parsed(raw: bytes) -> Json:
        try:
            return parse(raw)
        except msgspec.ValidationError:
            return whole(raw)

    return parsed


def _shape(paths: Iterable[list[str]]) -> Any:  # noqa: ANN401 - a type that is made of data
    """A type with these paths; what a path ends at is taken whole."""
    inner: dict[str, list[list[str]]] = {}
    for step, *rest in paths:
        inner.setdefault(step, []).append(rest)
    fields: dict[str, Any] = {}
    for step, rests in inner.items():
        kind: Any = Any if [] in rests else _shape(rests)
        fields[step.removesuffix("[]")] = GenericAlias(list, kind) | None if "[]" in step else kind
    make: Any = TypedDict
    return fields.get("") or make("Shape", fields, total=False) | None
