"""Why a row is there, merged or withheld: every rule's figure for the unit alone, and for the union it stands in.

For who holds the key, on a terminal: the figures are the very thing that readers must not see, so nothing here is
written anywhere, logged or published.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from expectations import audit
from expectations.constants import constants
from expectations.measures import table_named
from expectations.policy import Policy
from expectations.rules import dominance, p_percent, roster, threshold, union_of_atoms
from expectations.scope import Case, build, candidates, clear, facts

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection


@dataclass(frozen=True, slots=True)
class Test:
    """One rule of disclosure control on one quantity: what was found, what is needed."""

    rule: str
    column: str
    found: str
    needed: str
    passed: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """Teams that could stand behind one number, and whether they may."""

    name: str
    teams: tuple[str, ...]
    tests: tuple[Test, ...]

    @property
    def safe(self) -> bool:
        """Whether every rule holds for every quantity."""
        return bool(self.tests) and all(test.passed for test in self.tests)


@dataclass(frozen=True, slots=True)
class Explanation:
    """A row of a table: its status, the atoms it is made of, and what was tried."""

    unit: str
    level: str
    status: str
    atoms: tuple[str, ...]
    tried: tuple[Candidate, ...]


class NoSuchRow(LookupError):
    """The table has no row for that unit and period."""


CLAIMS = """
select period_start, atom_id, team_id from claimed
union all
select period_start, 'alone:' || team_id, team_id from gate_leaves
union all
select n.period_start, 'whole:' || n.ancestor_id, n.unit_id
from gate_ancestors as n
join gate_leaves as l on l.period_start = n.period_start and l.team_id = n.unit_id
where n.ancestor_id <> n.unit_id
"""
ASKED = f"""
with quantities as (
    select *, ({roster.HOLDS}) is true as has_roster, ({threshold.HOLDS}) is true as has_people,
        ({dominance.HOLDS}) is true as is_shared, ({p_percent.HOLDS}) is true as is_hidden
    from gate_safety cross join gate_policy
),
ages as (select *, ({union_of_atoms.OLD_ENOUGH}) is true as is_old from gate_atoms)
select q.atom_id, list_sort((select list(c.team_id) from gate_cells as c where c.atom_id = q.atom_id)),
    a.alive_leaves, a.old_leaves, a.is_old, q.column_name, q.has_roster, q.has_people, q.is_shared, q.is_hidden,
    q.roster, q.contributors, q.total, q.largest, q.others
from quantities as q
join ages as a on a.atom_id = q.atom_id
where q.atom_id in (select unnest(?))
order by q.atom_id, q.column_name
"""


def explain(connection: "DuckDBPyConnection", table: str, period: date, unit: str, policy: Policy) -> Explanation:
    """The row of a unit in a period, explained; of a derived table, the row that it rests on.

    Raises NoSuchRow, naming what exists.
    """
    case = Case(connection, table_named(table_named(table).source or table), policy, (period,))
    try:
        clear(case)
        build(case, facts(case))
        build(case, candidates(case))
        constants(case)
        connection.execute("create or replace temp table claimed as select * from gate_cells")
        build(case, [("gate_cells", CLAIMS)])
        build(case, audit.evidence(case))
        return _explained(connection, unit, policy)
    finally:
        connection.execute("drop table if exists temp.claimed")
        clear(case)


def _explained(connection: "DuckDBPyConnection", unit: str, policy: Policy) -> Explanation:
    row = connection.execute("select unit_level, status from gate_rows where unit_id = ?", [unit]).fetchone()
    if row is None:
        known = [name for (name,) in connection.execute("select distinct unit_id from gate_rows order by 1").fetchall()]
        hint = f"there are {', '.join(known)}" if known else "the table has no row of that period"
        raise NoSuchRow(f"no unit of that name: {hint}")
    below = "select distinct atom_id from gate_family semi join claimed using (atom_id) where unit_id = ? order by 1"
    atoms = [name for (name,) in connection.execute(below, [unit]).fetchall()]
    stands = connection.execute("select distinct atom_id from claimed where team_id = ?", [unit]).fetchall()
    asked = [f"alone:{unit}", f"whole:{unit}", *(name for (name,) in stands if name != unit)]
    children = "select unit_id, unit_level from gate_units where parent_id = ? order by unit_id"
    for child, level in connection.execute(children, [unit]).fetchall():
        asked.append(f"{'alone' if level == 'team' else 'whole'}:{child}")
    tried = _tried(connection, asked, policy)
    return Explanation(unit, row[0], row[1], tuple(atoms), tuple(tried))


def _tried(connection: "DuckDBPyConnection", asked: list[str], policy: Policy) -> list[Candidate]:
    found: dict[str, Candidate] = {}
    for name, teams, alive, old, is_old, column, *measured in connection.execute(ASKED, [asked]).fetchall():
        known = found.get(name, Candidate(name, tuple(teams), (_age(alive, old, len(teams), passed=is_old),)))
        tests = _tests(column, policy, tuple(measured[:4]), tuple(measured[4:]))
        found[name] = Candidate(name, known.teams, (*known.tests, *tests))
    return [found[name] for name in asked if name in found]


def _tests(column: str, policy: Policy, passed: tuple[bool, ...], figures: tuple[int, ...]) -> Iterator[Test]:
    """What the rules of the gate say, in their order, and why."""
    people, contributors, total, largest, others = figures
    share = largest / total if total else 1.0
    left = others / largest if largest else 0.0
    said = (
        ("roster", f"{people} active lately", f"at least {policy.k + policy.roster_margin}"),
        ("threshold", f"{contributors} contributors", f"at least {policy.k}"),
        ("dominance", f"the largest is {share:.0%}", f"at most {policy.dominance:.0%}"),
        ("p_percent", f"{left:.0%} of the largest beyond three", f"at least {policy.p_percent:.0%}"),
    )
    for (rule, found, needed), holds in zip(said, passed, strict=True):
        yield Test(rule, column, found, needed, holds)


def _age(alive: int, old: int, teams: int, *, passed: bool) -> Test:
    needed = "its third block" if teams == 1 else "two teams that live, or one in its third block"
    return Test("age", "", f"{alive} live, {old} of them old", needed, passed)
