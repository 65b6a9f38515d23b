"""What a reader holds, and beside it what is true: one `Question` an additive column and period.

A reader has every published row of every release, `cells`, the tree, the roster, and the constants (clips and rounding
bases). The auditor also has the ledger, to compare the answers with. Amounts are in hundredths, as whole numbers.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

from expectations.measures import TABLES, Measure, Table

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

People = Mapping[str, frozenset[str]]
Wanted: TypeAlias = frozenset[date] | None  # periods; None: all
UNIT = 100  # hundredths: the ladder has steps of 1.25


@dataclass(frozen=True, slots=True)
class Version:
    """Where published tables and their `cells` stand (`catalog.schema`), and the ledger that they were made from."""

    schema: str = "vault.protected"
    ledger: str = "vault.intermediate.int_ledger"


@dataclass(frozen=True, slots=True)
class Release:
    """One version of a table and period: the value of each published unit, and the teams of each atom."""

    values: Mapping[str, float]
    atoms: People


@dataclass(frozen=True, slots=True)
class Question:
    """One additive column in one period.

    `rosters` are the people of each team; `below` the teams of each unit of the tree; `done` what each person did,
    clipped, nobody with nothing. Without constants (`clip` None) a reader has no bounds, and nothing may be there.
    A period that was released twice makes two questions.
    """

    table: str
    column: str
    period: date
    clip: int | None
    base: int
    rosters: People
    below: People
    done: Mapping[str, int]
    release: Release


def questions(
    connection: "DuckDBPyConnection", versions: Sequence[Version], periods: Iterable[date] | None = None
) -> list[Question]:
    """Every additive column of every table in every version, in these periods or in all."""
    wanted = None if periods is None else frozenset(periods)
    found: list[Question] = []
    companies: dict[date, tuple[People, People]] = {}
    for version in versions:
        for table in (one for one in TABLES if _has(connection, version.schema, one.name)):
            atoms = _atoms(connection, version.schema, table.name, wanted)
            for measure in (one for one in table.measures if one.additive):
                values = _values(connection, version.schema, (table.name, measure.column), wanted)
                for start in sorted(values):
                    if start not in companies:
                        companies[start] = (_members(connection, start), _below(connection, start))
                    release = Release(values[start], atoms.get(start, {}))
                    found.append(_question(connection, (table, measure, start), companies[start], version, release))
    return found


def _question(
    connection: "DuckDBPyConnection",
    what: tuple[Table, Measure, date],
    company: tuple[People, People],
    version: Version,
    release: Release,
) -> Question:
    table, measure, start = what
    wanted = [table.name, measure.evidence, measure.roles[0].name, start]
    constants = _rows(connection, CONSTANTS, wanted)
    clip, base = constants[0] if len(constants) == 1 else (None, 1)
    most = None if clip is None else round(clip * UNIT)
    ledger = [] if most is None else _rows(connection, DONE.format(ledger=version.ledger), wanted)
    done = {person: min(int(value) * UNIT, most or 0) for person, value in ledger}
    return Question(table.name, measure.column, start, most, int(base) * UNIT, *company, done, release)


def _has(connection: "DuckDBPyConnection", schema: str, table: str) -> bool:
    return _rows(connection, HAS, [schema, table]) != []


def _values(
    connection: "DuckDBPyConnection", schema: str, what: tuple[str, str], wanted: Wanted
) -> dict[date, dict[str, float]]:
    table, column = what
    query = f"select period_start, unit_id, {column} from {schema}.{table} where {column} is not null and {ASKED}"
    found: dict[date, dict[str, float]] = defaultdict(dict)
    for start, unit, value in _rows(connection, query, [_listed(wanted)]):
        found[start][unit] = float(value)
    return found


def _atoms(connection: "DuckDBPyConnection", schema: str, table: str, wanted: Wanted) -> dict[date, People]:
    query = f"""
        select period_start, unit_id, list(team_id) from {schema}.cells where {ASKED} and table_name = ? group by all
    """
    found: dict[date, dict[str, frozenset[str]]] = defaultdict(dict)
    for start, unit, teams in _rows(connection, query, [_listed(wanted), table]):
        found[start][unit] = frozenset(teams)
    return dict(found)


def _listed(wanted: Wanted) -> list[date] | None:
    return None if wanted is None else sorted(wanted)


def _members(connection: "DuckDBPyConnection", start: date) -> People:
    return {team: frozenset(people) for team, people in _rows(connection, MEMBERS, [start])}


def _below(connection: "DuckDBPyConnection", start: date) -> People:
    """The teams of each unit; a unit that hangs below itself ends where it began."""
    tree = {unit: (parent, level) for unit, parent, level in _rows(connection, UNITS, [start])}
    found: dict[str, set[str]] = defaultdict(set)
    for team in (unit for unit, (_, level) in tree.items() if level == "team"):
        at: str | None = team
        while at is not None and team not in found[at]:
            found[at].add(team)
            at = tree.get(at, (None, ""))[0]
    return {unit: frozenset(teams) for unit, teams in found.items()}


def _rows(connection: "DuckDBPyConnection", query: str, given: Sequence[object] = ()) -> list[Any]:
    return connection.execute(query, list(given)).fetchall()


ASKED = "coalesce(list_contains(?::date[], period_start), period_start is not null)"
"""In one of these periods, or in any where none are named."""
HAS = "select 1 from information_schema.tables where table_catalog || '.' || table_schema = ? and table_name = ?"
CONSTANTS = """
select distinct k.clip, k.base
from vault.intermediate.int_constants as k
join vault.ops.calendar as c on c.iso_year = k.iso_year
where k.table_name = ? and k.quantity = ? and k.role = ? and c.period_start = ?
"""
DONE = """
select person_key, sum(value)
from {ledger}
where table_name = ? and quantity = ? and role = ? and period_start = ?
group by person_key
having sum(value) > 0
"""
MEMBERS = """
select team_id, list(distinct person_key)
from vault.intermediate.int_members
where period_start = (select max(period_start) from vault.intermediate.int_members where period_start <= ?)
group by team_id
"""
UNITS = """
select unit_id, parent_id, unit_level
from vault.intermediate.int_units
where period_start = (select max(period_start) from vault.intermediate.int_units where period_start <= ?)
"""
