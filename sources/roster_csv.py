"""The CSV form of a roster: `units.csv`, and `people.csv` with one row a membership.

Rows are counted as lines of the file; the heading is 1.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from sources.roster_rows import AccountRow, Draft, Kind, MemberRow, Problem, RosterError, UnitRow
from sources.roster_yaml import SPACES, day, decoded, identity, owned

UNITS = ("unit_id", "parent_id", "level", "name", "from", "to")
PEOPLE = ("person", "name", "team", "from", "to", *SPACES)
LEVELS = ("org", "group", "team")

Cells = dict[str, str | None]


def read_csv(units: bytes, people: bytes) -> Draft:
    """Both files."""
    draft = Draft(unit_part="units", people_part="people")
    for row, cells in _rows(units, "units", UNITS, draft):
        _unit(row, cells, draft)
    for row, cells in _rows(people, "people", PEOPLE, draft):
        _person(row, cells, draft)
    return draft


def _rows(text: bytes, part: str, columns: tuple[str, ...], draft: Draft) -> Iterator[tuple[int, Cells]]:
    """The rows of one file with their line; an empty cell is None."""
    reader = csv.reader(io.StringIO(decoded(text, part), newline=""), strict=True)
    try:
        heading = [name.strip() for name in next(reader, [])]
        unknown, missing = set(heading) - set(columns), set(columns) - set(heading)
        if unknown or missing or len(set(heading)) != len(heading):
            kind = Kind.UNKNOWN_KEY if unknown else Kind.MISSING if missing else Kind.TWICE_KEY
            draft.problems.append(Problem(part, 1, kind))
            return
        for cells in reader:
            if len(cells) == len(heading):
                yield reader.line_num, {name: cell.strip() or None for name, cell in zip(heading, cells, strict=True)}
            elif cells:
                draft.problems.append(Problem(part, reader.line_num, Kind.MALFORMED))
        return
    except csv.Error:
        row = reader.line_num
    raise RosterError([Problem(part, row, Kind.MALFORMED)])


def _unit(row: int, cells: Cells, draft: Draft) -> None:
    """One row of units.csv."""
    unit, level, name = cells["unit_id"], cells["level"], cells["name"]
    start, end = day(cells["from"], row, "units", draft), day(cells["to"], row, "units", draft)
    if level is not None and level not in LEVELS:
        draft.problems.append(Problem("units", row, Kind.MALFORMED))
    elif unit is None or level is None or name is None or (cells["from"] is None and level != "org"):
        draft.problems.append(Problem("units", row, Kind.MISSING))
    else:
        draft.units.append(UnitRow(row, unit, cells["parent_id"], level, name, start, end))


def _person(row: int, cells: Cells, draft: Draft) -> None:
    """One row of people.csv: a membership, or, without a team, accounts alone."""
    accounts = [owned(space, value) for space in SPACES for value in (cells[space] or "").split()]
    person = identity(cells["person"], accounts)
    if person is None:
        draft.problems.append(Problem("people", row, Kind.NOBODY))
        return
    if cells["name"] is not None:
        draft.names.add(cells["name"])
    draft.accounts += [AccountRow(row, person, space, value) for space, value in accounts]
    start, end = day(cells["from"], row, "people", draft), day(cells["to"], row, "people", draft)
    if cells["team"] is not None and start is not None:
        draft.members.append(MemberRow(row, person, cells["team"], start, end))
    elif (cells["team"] is None) != (cells["from"] is None):
        draft.problems.append(Problem("people", row, Kind.MISSING))
