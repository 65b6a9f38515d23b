"""Who is in which team, from when to when, with which accounts: read from YAML or CSV, pseudonymous when it leaves.

Names stand in memory only: the tables for the vault hold keyed pseudonyms of persons and accounts, beside the units'
ids and names, which are published anyway. `identifiers()` hands the clear ones to the detectors of the gate, in memory
too. A roster with a problem is refused as a whole (sources/roster_checks.py); no `repr` shows anybody.

A membership counts only while its unit exists. The last day is exclusive everywhere.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from sources.minimise import Pseudonyms
from sources.roster_checks import problems, warnings
from sources.roster_csv import read_csv
from sources.roster_rows import AccountRow, Draft, MemberRow, Problem, RosterError, UnitRow
from sources.roster_yaml import read_yaml

if TYPE_CHECKING:
    import pyarrow as pa

PERSON_LENGTH = 4  # a shorter or all-digit person id is no identifier to look for: any number would match it


@dataclass(frozen=True, slots=True, repr=False)
class Roster:
    """A checked roster."""

    units: tuple[UnitRow, ...]
    memberships: tuple[MemberRow, ...]
    accounts: tuple[AccountRow, ...]
    names: frozenset[str]
    warnings: tuple[Problem, ...]

    def __repr__(self) -> str:
        return f"Roster({len(self.units)} units)"

    def tables(self, pseudonyms: Pseudonyms) -> dict[str, pa.Table]:
        """The three tables of the vault's schema `raw`."""
        import pyarrow as pa

        needed = {"unit_id", "unit_level", "unit_name", "valid_from", "person_key", "account_key"}

        def table(rows: Iterator[tuple[object, ...]], **columns: pa.DataType) -> pa.Table:
            schema = pa.schema([pa.field(name, kind, nullable=name not in needed) for name, kind in columns.items()])
            named = [dict(zip(columns, row, strict=True)) for row in rows]
            return pa.Table.from_pylist(named, schema=schema)

        text, day = pa.string(), pa.date32()
        span = {"valid_from": day, "valid_to": day}
        units = table(self._units(), unit_id=text, parent_id=text, unit_level=text, unit_name=text, **span)
        members = table(self._members(pseudonyms), person_key=text, unit_id=text, **span)
        accounts = table(self._accounts(pseudonyms), account_key=text, person_key=text)
        return {"roster_units": units, "roster_members": members, "roster_accounts": accounts}

    def identifiers(self) -> frozenset[str]:
        """Every name, login, address and account id of the roster, in clear: for memory only."""
        persons = {key.partition("\0")[2] for key in self._persons() if key.startswith("person\0")}
        telling = {person for person in persons if len(person) >= PERSON_LENGTH and not person.isdigit()}
        return self.names | {one.account for one in self.accounts} | telling

    def _persons(self) -> set[str]:
        return {one.person for one in self.accounts} | {place.person for place in self.memberships}

    def _units(self) -> Iterator[tuple[object, ...]]:
        for unit in self.units:
            yield unit.unit, unit.parent, unit.level, unit.name, unit.start or date(1970, 1, 1), unit.end

    def _members(self, pseudonyms: Pseudonyms) -> Iterator[tuple[object, ...]]:
        units = {unit.unit: unit for unit in self.units}
        for place in self.memberships:
            unit = units[place.unit]
            start = max(place.start, unit.start or place.start)
            end = min(place.end or date.max, unit.end or date.max)
            if start < end:
                yield pseudonyms.key("person", place.person), place.unit, start, None if end == date.max else end

    def _accounts(self, pseudonyms: Pseudonyms) -> Iterator[tuple[object, ...]]:
        seen: set[str] = set()
        for one in self.accounts:
            key = pseudonyms.account(one.space, one.account)
            if key is not None and key not in seen:
                seen.add(key)
                yield key, pseudonyms.key("person", one.person)


def parse_roster(text: bytes, people: bytes | None = None, depth: int = 1) -> Roster:
    """The roster of one YAML file, or of two CSV files (units, people); RosterError tells all problems at once.

    `depth` is how many levels of groups may lie between the organisation and its teams.
    """
    draft = read_yaml(text) if people is None else read_csv(text, people)
    found = [*draft.problems, *problems(draft, depth)]
    if found:
        raise RosterError(found)
    return _checked(draft)


def _checked(draft: Draft) -> Roster:
    """The frozen roster of a draft without problems."""
    told = tuple(sorted(warnings(draft)))
    names = frozenset(draft.names)
    return Roster(tuple(draft.units), tuple(draft.members), tuple(draft.accounts), names, told)
