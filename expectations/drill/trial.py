"""The drill itself: plant, judge, take back, on a copy that nobody publishes from."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING

from expectations.content import contents
from expectations.drill.plants import CANARIES, LEDGER, PLANTS, PLANTS_IN_DERIVED, Plant
from expectations.gate import examine
from expectations.measures import TABLES, Table, table_named
from expectations.policy import Policy
from expectations.shown import CELLS

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

BASE = 10  # a multiple of it is a count that could be right


@dataclass(frozen=True, slots=True)
class Outcome:
    """One plant on one table: whether a rule that was meant to counted it. Says nothing of what was planted where."""

    table: str
    plant: str
    caught: bool


class Undrillable(RuntimeError):
    """The copy is blocked before anything is planted, so that a drill on it would prove nothing."""


def drill(connection: "DuckDBPyConnection", table: str, policy_of: Callable[[date], Policy]) -> Iterator[Outcome]:
    """Each plant on the newest period of a table that has a team in a row of its own, by that period's policy.

    `connection` has a copy of the vault attached as `vault`; it is left as it was. Raises Undrillable where an honest
    copy does not pass; yields nothing where no team has a row of its own.
    """
    place = _place(connection, table)
    if place is None:
        return
    policy = policy_of(date.fromisoformat(place["period"]))
    with _taken_back(connection):
        _unseal(connection, table)
        if _counted(connection, table, policy, place["period"]):
            raise Undrillable(f"{table}: blocked before anything is planted; run a night and look at its checks")
    for plant in PLANTS_IN_DERIVED if place["source"] else PLANTS:
        if plant.needs("other") and not place["other"]:
            continue
        with _taken_back(connection):
            _unseal(connection, table)
            for statement in plant.statements:
                connection.execute(statement.format(**place))
            counted = _counted(connection, table, replace(policy, **plant.thresholds), place["period"])
        yield Outcome(table, plant.name, _is_caught(plant, counted))


def _is_caught(plant: Plant, counted: set[str]) -> bool:
    return any(rule == meant or rule.startswith(f"{meant}.") for rule in counted for meant in plant.caught_by)


def _counted(connection: "DuckDBPyConnection", table: str, policy: Policy, period: str) -> set[str]:
    findings = examine(connection, table, policy, CANARIES, [date.fromisoformat(period)])
    return {finding.rule for finding in findings if finding.count}


def _unseal(connection: "DuckDBPyConnection", table: str) -> None:
    connection.execute("delete from vault.ops.sealed where table_name = ?", [table])


def _place(connection: "DuckDBPyConnection", name: str) -> dict[str, str] | None:
    """Where to plant: the newest period with a published team."""
    table = table_named(name)
    rows = connection.execute(
        f"select period_start, min(unit_id) from vault.protected.{name} "
        "where unit_level = 'team' and status = 'published' group by period_start order by period_start desc"
    ).fetchall()
    if table.is_derived:
        gone = _superseded(connection, name)
        rows = [row for row in rows if row[0] not in gone]
    if not rows:
        return None
    period, atom = rows[0]
    column, quantity, role = next(_additive(table), ("", "", ""))
    return {
        "relation": f"vault.protected.{name}",
        "table": name,
        "period": period.isoformat(),
        "atom": atom,
        "column": column,
        "quantity": quantity,
        "role": role,
        "other": _other(connection, column),
        "source": table.source,
        "base": str(BASE),
    }


def _superseded(connection: "DuckDBPyConnection", name: str) -> set[date]:
    """Periods of which readers see another version than the vault's rows: what these rest on is not shown any more."""
    sealed = dict(
        connection.execute("select period_start, digest from vault.ops.sealed where table_name = ?", [name]).fetchall()
    )
    found = contents(connection, f"vault.protected.{name}", CELLS, name, sealed)
    return {start for start, digest in sealed.items() if found[start] != digest}


def _additive(table: Table) -> Iterator[tuple[str, str, str]]:
    """Its counts and sums, what they rest on, and whose conduct that is; a derived table has none."""
    for measure in table.measures:
        if measure.additive:
            yield measure.column, measure.evidence, measure.roles[0].name


def _other(connection: "DuckDBPyConnection", column: str) -> str:
    """Where the ledger has what another count or sum rests on, the one of which it has most; empty where none is."""
    sizes: dict[str, int] = {}
    for table in TABLES:
        for name, quantity, role in _additive(table):
            where = f"table_name = '{table.name}' and quantity = '{quantity}' and role = '{role}'"
            (size,) = connection.execute(f"select count(*) from {LEDGER} where {where}").fetchone() or (0,)
            if name != column and size:
                sizes[where] = size
    return max(sizes, key=sizes.__getitem__, default="")


@contextmanager
def _taken_back(connection: "DuckDBPyConnection") -> Iterator[None]:
    connection.execute("begin")
    try:
        yield
    finally:
        connection.execute("rollback")
