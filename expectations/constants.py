"""Clip and rounding base of every quantity, role and year: public constants, from the ledger of the year before.

What the gate counts with is worked out here, not read from what dbt froze. A constant rests on 50 person-periods at
least and is snapped up to the ladder, so that no person's number is in it.
"""

from typing import TYPE_CHECKING

import duckdb

from expectations.ladder import base_for, clip_hundredths
from expectations.measures import Constant, Kind, Measure, Table
from expectations.scope import Case, build, literal

if TYPE_CHECKING:
    from collections.abc import Iterator

    from duckdb import DuckDBPyConnection

PAIRS = "quantity varchar, role varchar, column_name varchar, is_additive boolean, role_number bigint, position bigint"


def constants(case: Case) -> None:
    """`gate_pairs` (every quantity and role of the table) and `gate_constants` (clip in hundredths, and base)."""
    build(case, [("gate_pairs", literal(list(pairs(case.table)), PAIRS))])
    try:
        policy = case.policy
        query = QUANTILES.format(quantile=f"{policy.clip_quantile:f}", least=policy.clip_person_periods)
        found = case.connection.execute(query, [case.table.name]).fetchall()
    except duckdb.Error:
        return
    rows: list[tuple[object, ...]] = [
        (quantity, role, year + 1, clip_hundredths(at), base_for(at, case.policy.base))
        for quantity, role, year, at in found
    ]
    columns = "quantity varchar, role varchar, iso_year bigint, clip bigint, base bigint"
    build(case, [("gate_constants", literal(rows, columns))])


def frozen(connection: "DuckDBPyConnection") -> dict[str, list[Constant]]:
    """By table, what the vault has frozen: what readers are told, and what a verdict is bound to."""
    found: dict[str, list[Constant]] = {}
    for table, *constant in connection.execute(FROZEN).fetchall():
        quantity, role, year, clip, base = constant
        found.setdefault(table, []).append((quantity, role, year, clip, base))
    return found


def pairs(table: Table) -> "Iterator[tuple[object, ...]]":
    """Every registered (quantity, role): its column, whether atoms must be safe in it, and its places in the order."""
    stages = table.of_kind(Kind.SHARE)
    for measure in table.measures:
        if measure.additive:
            yield measure.evidence, measure.roles[0].name, measure.column, True, 0, 0
    for position, measure in enumerate(stages):
        yield from _stage(position, measure)


def _stage(position: int, measure: Measure) -> "Iterator[tuple[object, ...]]":
    for number, role in enumerate(measure.roles):
        if measure.evidence:
            yield measure.evidence, role.name, measure.column, False, number, position


FROZEN = """
select table_name, quantity, role, iso_year, clip, base from vault.intermediate.int_constants order by all
"""
QUANTILES = """
select l.quantity, l.role, isoyear(l.period_start) as iso_year, quantile_disc(l.value, {quantile}) as value
from vault.intermediate.int_ledger as l
join (select distinct quantity, role from gate_pairs) as p on p.quantity = l.quantity and p.role = l.role
where l.table_name = ? and l.value > 0 and isoyear(l.period_start) in (select iso_year - 1 from gate_periods)
group by l.quantity, l.role, isoyear(l.period_start)
having count(*) >= {least}
order by 1, 2, 3
"""
"""Nearest rank: `quantile_disc` gives the value at ceil(q * n), in whole numbers where q is a decimal."""
