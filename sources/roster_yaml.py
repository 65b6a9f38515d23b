"""The YAML form of a roster, read into rows that know their line.

It is walked as nodes, never built as objects: every scalar stays the text that stands there (`no` is a login, not a
boolean), every node knows its line, a tag has no effect, an unknown key is a problem with that line's number.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from sources.addresses import account
from sources.minimise import fold
from sources.roster_rows import AccountRow, Draft, Kind, MemberRow, Problem, RosterError, UnitRow

if TYPE_CHECKING:
    from yaml.nodes import Node

SPACES = ("github", "jira", "email")


def decoded(text: bytes, part: str = "") -> str:
    """The text of a roster file, which is UTF-8."""
    try:
        return text.decode("utf-8-sig")
    except UnicodeDecodeError as fault:
        row = text.count(b"\n", 0, fault.start) + 1
    raise RosterError([Problem(part, row, Kind.BAD_UTF8)])


def day(text: str | None, row: int, part: str, draft: Draft) -> date | None:
    """A date, or None with a problem noted."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        draft.problems.append(Problem(part, row, Kind.BAD_DATE))
    return None


def owned(space: str, value: str) -> tuple[str, str]:
    """(namespace, account) of a listed account; a no-reply address of GitHub is a login."""
    return account(value) if space == "email" else (space, value)


def read_yaml(text: bytes) -> Draft:
    """The YAML form: organisation, groups, teams, people."""
    import yaml

    source = decoded(text)
    fault_row = 0
    try:
        root = yaml.compose(
            source, Loader=yaml.SafeLoader
        )  # the C loader is faster and crashes on deep nesting (tried)
    except yaml.MarkedYAMLError as fault:
        fault_row = fault.problem_mark.line + 1 if fault.problem_mark else 1
    except (yaml.YAMLError, RecursionError):
        fault_row = 1
    if fault_row:
        raise RosterError([Problem("", fault_row, Kind.MALFORMED)])
    draft = Draft()
    _Yaml(draft).document(root)
    return draft


class _Yaml:
    """One walk over the nodes of a YAML roster."""

    def __init__(self, draft: Draft) -> None:
        self.draft = draft

    def document(self, root: Node | None) -> None:
        """The whole file."""
        top = self.mapping(root, ("organisation", "groups", "teams", "people"), ("organisation", "teams", "people"))
        self.unit(top.get("organisation"), "org", None)
        organisation = self.draft.units[0].unit if self.draft.units else None
        for node in self.items(top.get("groups")):
            self.unit(node, "group", organisation)
        for node in self.items(top.get("teams")):
            self.unit(node, "team", None)
        self.open_organisation()
        lines: dict[str, int] = {}
        for node in self.items(top.get("people")):
            self.person(node, lines)

    def open_organisation(self) -> None:
        """An organisation is as old as its oldest group."""
        starts = [unit.start for unit in self.draft.units if unit.level == "group" and unit.start]
        for at, unit in enumerate(self.draft.units):
            if unit.level == "org" and unit.start is None and starts:
                self.draft.units[at] = UnitRow(unit.row, unit.unit, None, "org", unit.name, min(starts), unit.end)

    def unit(self, node: Node | None, level: str, parent: str | None) -> None:
        """One organisation, group or team; a group that names no other hangs on the organisation."""
        if node is None:
            return
        above = () if level == "org" else ("group",)
        needed = ("id", "name", *(above if level == "team" else ()), *(() if level == "org" else ("from",)))
        fields = self.mapping(node, ("id", "name", "from", "to", *above), needed)
        unit, name = self.text(fields.get("id")), self.text(fields.get("name"))
        if unit is not None and name is not None:
            parent = self.text(fields.get("group")) or parent
            start, end = self.day(fields.get("from")), self.day(fields.get("to"))
            self.draft.units.append(UnitRow(row(node), unit, parent, level, name, start, end))

    def person(self, node: Node, lines: dict[str, int]) -> None:
        """One person: accounts, and teams over time."""
        fields = self.mapping(node, ("person", "name", "accounts", "teams"), ())
        spaces = self.mapping(fields.get("accounts"), SPACES, ()) if "accounts" in fields else {}
        accounts = [
            AccountRow(row(one), "", *owned(space, value))
            for space in SPACES
            for one in self.items(spaces.get(space))
            if (value := self.text(one)) is not None
        ]
        person = identity(self.text(fields.get("person")), [(one.space, one.account) for one in accounts])
        if person is None:
            self.problem(node, Kind.NOBODY)
            return
        if lines.setdefault(person, row(node)) != row(node):
            self.problem(node, Kind.PERSON_TWICE)
        if (name := self.text(fields.get("name"))) is not None:
            self.draft.names.add(name)
        self.draft.accounts += [AccountRow(one.row, person, one.space, one.account) for one in accounts]
        for place in self.items(fields.get("teams")):
            self.place(place, person)

    def place(self, node: Node, person: str) -> None:
        """One membership."""
        fields = self.mapping(node, ("team", "from", "to"), ("team", "from"))
        team, start, end = self.text(fields.get("team")), self.day(fields.get("from")), self.day(fields.get("to"))
        if team is not None and start is not None:
            self.draft.members.append(MemberRow(row(node), person, team, start, end))

    def mapping(self, node: Node | None, known: tuple[str, ...], needed: tuple[str, ...]) -> dict[str, Node]:
        """The known keys of a mapping, each once."""
        from yaml.nodes import MappingNode, ScalarNode

        if not isinstance(node, MappingNode):
            self.problem(node, Kind.MALFORMED)
            return {}
        found: dict[str, Node] = {}
        for key, value in node.value:
            if not isinstance(key, ScalarNode) or key.value not in known:
                self.problem(key, Kind.UNKNOWN_KEY)
            elif key.value in found:
                self.problem(key, Kind.TWICE_KEY)
            else:
                found[key.value] = value
        if any(name not in found for name in needed):
            self.problem(node, Kind.MISSING)
        return found

    def items(self, node: Node | None) -> Iterator[Node]:
        """The items of a list; nothing counts as an empty one."""
        from yaml.nodes import SequenceNode

        if isinstance(node, SequenceNode):
            yield from node.value
        elif node is not None and node.tag != "tag:yaml.org,2002:null":
            self.problem(node, Kind.MALFORMED)

    def text(self, node: Node | None) -> str | None:
        """The text of a scalar as it stands there."""
        from yaml.nodes import ScalarNode

        if node is None or node.tag == "tag:yaml.org,2002:null":
            return None
        if isinstance(node, ScalarNode):
            return str(node.value).strip() or None
        self.problem(node, Kind.MALFORMED)
        return None

    def day(self, node: Node | None) -> date | None:
        """A date."""
        return day(self.text(node), row(node), "", self.draft)

    def problem(self, node: Node | None, kind: Kind) -> None:
        """Note what is wrong at a node."""
        self.draft.problems.append(Problem("", row(node), kind))


def row(node: Node | None) -> int:
    """The line of a node; the first where there is none."""
    return int(node.start_mark.line) + 1 if node is not None else 1


def identity(person: str | None, accounts: list[tuple[str, str]]) -> str | None:
    """What a person is known by in memory: the roster's id, else the first account; the prefixes keep the two apart."""
    if person is not None:
        return f"person\0{person}"
    return "\0".join(("account", accounts[0][0], fold(accounts[0][1]))) if accounts else None
