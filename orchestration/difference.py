"""What a reader learns who subtracts one version of a period from another: who stands behind the difference.

In every atom, and for every quantity and role of the ledger as well as for the events behind medians and rates, the
people whose part changed must be nobody, or enough people with none of them too large: at least k, the largest with no
more than its share of all that changed, and what two colluders leave open of it. Quantities are compared clipped, as
they were published; events are counted, one that came and one that went as two. Signs do not help an attacker who
knows the others, so changes count by their size.

Versions are schemas in one connection, each with the ledger and the mart of that time.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from expectations.measures import Table
    from expectations.policy import Policy


@dataclass(frozen=True, slots=True)
class Version:
    """Where a version's evidence stands: relations, or queries in brackets."""

    ledger: str
    mart: str


@dataclass(frozen=True, slots=True)
class Unsafe:
    """So many atoms whose difference in one quantity or measure is the work of too few: no value, no unit."""

    what: str
    atoms: int


def unsafe(
    connection: duckdb.DuckDBPyConnection, case: tuple[Table, date, Policy], old: Version, new: Version, atoms: str
) -> list[Unsafe]:
    """What stands between two versions of a table's period; `atoms` is a relation of (team_id, unit_id)."""
    table, start, policy = case
    found: dict[str, int] = {}
    for what, query in (
        *_quantities(connection, table, start, (old, new)),
        *_events(connection, table, start, (old, new)),
    ):
        (count,) = connection.execute(
            SAFE.format(changed=query, atoms=atoms),
            {"k": policy.k, "dominance": round(policy.dominance * 1000), "p": round(policy.p_percent * 1000)},
        ).fetchone() or (1,)
        if count:
            found[what] = max(count, found.get(what, 0))
    return [Unsafe(what, count) for what, count in sorted(found.items())]


SAFE = """
with changed as ({changed}),
ranked as (
    select a.unit_id, c.person, sum(c.amount)::hugeint as amount,
        row_number() over (partition by a.unit_id order by sum(c.amount) desc) as place
    from changed as c join {atoms} as a on a.team_id = c.team_id
    group by a.unit_id, c.person
    having sum(c.amount) > 0
),
sums as (
    select unit_id, count(*) as n, sum(amount) as total, max(amount) as largest,
        coalesce(sum(amount) filter (place > 3), 0) as others
    from ranked group by unit_id
)
select count(*) from sums
where not (n >= $k and largest * 1000 <= $dominance * total and others * 1000 >= $p * largest)
"""
QUANTITY = """
select coalesce(o.team_id, n.team_id) as team_id, coalesce(o.person_key, n.person_key) as person,
    abs(coalesce(o.value, 0) - coalesce(n.value, 0))::hugeint as amount
from ({old}) as o full join ({new}) as n on n.team_id = o.team_id and n.person_key = o.person_key
"""
CLIPPED = """
select l.team_id, l.person_key, least(sum(l.value) * 100, coalesce(max(k.clip), sum(l.value)) * 100)::hugeint as value
from {ledger} as l
left join vault.intermediate.int_constants as k
    on k.table_name = l.table_name and k.quantity = l.quantity and k.role = l.role and k.iso_year = {year}
where l.table_name = '{table}' and l.period_start = '{start}' and l.quantity = '{quantity}' and l.role = '{role}'
group by l.team_id, l.person_key
"""
EVENTS = """
select team_id, {person} as person, count(*) as amount
from (
    ({old} except all {new}) union all ({new} except all {old})
)
where {person} is not null
group by team_id, {person}
"""


def _quantities(
    connection: duckdb.DuckDBPyConnection, table: Table, start: date, versions: tuple[Version, Version]
) -> Iterator[tuple[str, str]]:
    """Each quantity and role that either version's ledger knows."""
    pairs: set[tuple[str, str]] = set()
    for version in versions:
        query = f"select distinct quantity, role from {version.ledger} where table_name = ? and period_start = ?"
        pairs |= {(quantity, role) for quantity, role in connection.execute(query, [table.name, start]).fetchall()}
    for quantity, role in sorted(pairs):
        names = {
            "table": table.name,
            "start": start,
            "quantity": quantity,
            "role": role,
            "year": start.isocalendar()[0],
        }
        old, new = (CLIPPED.format(ledger=version.ledger, **names) for version in versions)
        yield quantity, QUANTITY.format(old=old, new=new)


def _events(
    connection: duckdb.DuckDBPyConnection, table: Table, start: date, versions: tuple[Version, Version]
) -> Iterator[tuple[str, str]]:
    """Each measure that rests on events of the mart, for everybody whose conduct it shows."""
    columns = {name for name, *_ in connection.execute(f"describe select * from {versions[1].mart}").fetchall()}
    for measure in table.measures:
        if measure.additive or measure.evidence not in columns:
            continue
        people = ", ".join(role.person for role in measure.roles)
        old, new = (
            f"select team_id, {people}, {measure.evidence} from {version.mart} "
            f"where period_start = '{start}' and {measure.evidence} is not null"
            for version in versions
        )
        for role in measure.roles:
            yield measure.column, EVENTS.format(person=role.person, old=old, new=new)
