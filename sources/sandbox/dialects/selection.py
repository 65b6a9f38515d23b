"""A GraphQL question compiled once by its text: names checked against the schema, then plain dicts are projected.

Not a GraphQL engine: as many conventions of one as GitHub's clients need (aliases, fragments, variables, directives,
unions), and fast enough that fifty changes with all that hangs on them take a few milliseconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias

from graphql import parse
from graphql.error import GraphQLSyntaxError
from graphql.language import ast

from sources.sandbox.dialects.schema import FAMILIES, SCHEMA

Value: TypeAlias = Any  # plain data, with a Variable wherever the question has one
DIRECTIVES = {"include": True, "skip": False}


class Problem(Exception):
    """An error as GitHub answers it."""

    def __init__(self, message: str, kind: str | None = None, path: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.kind = kind
        self.path = path

    @property
    def body(self) -> dict[str, Any]:
        """The error as GitHub spells it."""
        found: dict[str, Any] = {"message": str(self), "locations": [{"line": 1, "column": 1}]}
        if self.kind:
            found["type"] = self.kind
        if self.path:
            found["path"] = list(self.path)
        return found


@dataclass(frozen=True, slots=True)
class Variable:
    """A value that comes with the question."""

    name: str


@dataclass(frozen=True, slots=True)
class Field:
    """One field that is asked for."""

    key: str
    name: str
    arguments: Mapping[str, Any]
    only: frozenset[str] | None  # types of the object for which it is asked
    wanted: tuple[tuple[Any, bool], ...]  # conditions of @include and @skip
    inner: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """One compiled operation."""

    fields: tuple[Field, ...]
    defaults: Mapping[str, Any]


@lru_cache(maxsize=256)
def compiled(text: str) -> Question:
    """The question of a text; Problem if it does not fit the schema."""
    try:
        document = parse(text)
    except GraphQLSyntaxError as error:
        raise Problem(f"Parse error: {error.message}") from None
    operations = [one for one in document.definitions if isinstance(one, ast.OperationDefinitionNode)]
    if len(operations) != 1 or operations[0].operation.value != "query":
        raise Problem("An operation name is required")
    fragments = {one.name.value: one for one in document.definitions if isinstance(one, ast.FragmentDefinitionNode)}
    defaults = {one.variable.name.value: plain(one.default_value) for one in operations[0].variable_definitions or ()}
    fields = _fields("Query", operations[0].selection_set, fragments, None, ())
    return Question(fields, defaults)


def _fields(
    kind: str,
    chosen: ast.SelectionSetNode,
    fragments: Mapping[str, ast.FragmentDefinitionNode],
    only: frozenset[str] | None,
    wanted: tuple[tuple[Any, bool], ...],
) -> tuple[Field, ...]:
    """The fields of one selection, fragments unfolded."""
    found: list[Field] = []
    for node in chosen.selections:
        inside = wanted + _conditions(node)
        if isinstance(node, ast.FieldNode):
            found.append(_field(kind, node, fragments, only, inside))
            continue
        part: Any = fragments.get(node.name.value) if isinstance(node, ast.FragmentSpreadNode) else node
        if part is None:
            raise Problem("Fragment was used, but not defined")
        target = part.type_condition.name.value if part.type_condition else kind
        if target not in SCHEMA:
            raise Problem(f"No such type {target}, so it can't be a fragment condition")
        narrowed = only if target == kind else FAMILIES.get(target, frozenset({target}))
        found += _fields(target, part.selection_set, fragments, narrowed, inside)
    return tuple(found)


def _field(
    kind: str,
    node: ast.FieldNode,
    fragments: Mapping[str, ast.FragmentDefinitionNode],
    only: frozenset[str] | None,
    wanted: tuple[tuple[Any, bool], ...],
) -> Field:
    """One field, known to its type."""
    name = node.name.value
    known = SCHEMA[kind]
    if name != "__typename" and name not in known:
        raise Problem(f"Field '{name}' doesn't exist on type '{kind}'", path=("query", name))
    leads_to = known.get(name, "")
    if bool(leads_to) != bool(node.selection_set):
        raise Problem(f"Field '{name}' must {'' if leads_to else 'not '}have selections on type '{kind}'")
    key = node.alias.value if node.alias else name
    arguments = {one.name.value: plain(one.value) for one in node.arguments or ()}
    inner = _fields(leads_to, node.selection_set, fragments, None, ()) if leads_to and node.selection_set else ()
    return Field(key, name, arguments, only, wanted, inner)


def _conditions(node: ast.SelectionNode) -> tuple[tuple[Any, bool], ...]:
    """What @include and @skip of a node demand."""
    return tuple(
        (plain(directive.arguments[0].value), DIRECTIVES[directive.name.value])
        for directive in node.directives or ()
        if directive.name.value in DIRECTIVES
    )


def plain(node: ast.ValueNode | None) -> Value:
    """A value of the question's text as plain data."""
    if node is None or isinstance(node, ast.NullValueNode):
        return None
    if isinstance(node, ast.VariableNode):
        return Variable(node.name.value)
    if isinstance(node, ast.ListValueNode):
        return [plain(one) for one in node.values]
    if isinstance(node, ast.ObjectValueNode):
        return {one.name.value: plain(one.value) for one in node.fields}
    if isinstance(node, ast.IntValueNode):
        return int(node.value)
    return getattr(node, "value", None)


def filled(value: Value, variables: Mapping[str, Any]) -> Value:
    """A value with the variables put in."""
    if isinstance(value, Variable):
        return variables.get(value.name)
    if isinstance(value, dict):
        return {key: filled(one, variables) for key, one in value.items()}
    if isinstance(value, list):
        return [filled(one, variables) for one in value]
    return value


def project(thing: Mapping[str, Any], fields: tuple[Field, ...], variables: Mapping[str, Any]) -> dict[str, Any]:
    """What is asked of an object; a callable in it is a field that takes arguments."""
    found: dict[str, Any] = {}
    for field in fields:
        if field.only is not None and thing["__typename"] not in field.only:
            continue
        if field.wanted and any(bool(filled(asked, variables)) != wish for asked, wish in field.wanted):
            continue
        value = thing[field.name]
        if callable(value):
            value = value({key: filled(one, variables) for key, one in field.arguments.items()})
        if field.inner and value is not None:
            if isinstance(value, list):
                value = [project(one, field.inner, variables) for one in value]
            else:
                value = project(value, field.inner, variables)
        earlier = found.get(field.key)
        found[field.key] = {**earlier, **value} if isinstance(earlier, dict) and isinstance(value, dict) else value
    return found
