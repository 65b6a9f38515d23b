"""What a policy would show: the share of teams with a row of their own, merged, or withheld, and of the work behind
them.

Over the whole organisation and all periods alike, in steps of 5 points, from 20 teams on: never a unit, never a count.
Shares of fewer teams, over however many periods, would be the history of each. A derived table shows what the one that
it rests on shows.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from expectations.measures import table_named

if TYPE_CHECKING:
    from duckdb import DuckDBPyConnection

STEP, LEAST = 5, 20


@dataclass(frozen=True, slots=True)
class Coverage:
    """Shares of one table in per cent, in steps of 5; None where there is too little to tell."""

    table: str
    own: int | None
    merged: int | None
    withheld: int | None
    work_own: int | None
    work_shown: int | None


def coverage(connection: "DuckDBPyConnection", table: str) -> Coverage:
    """The shares of a table over all periods that its candidates speak of."""
    source = table_named(table_named(table).source or table)
    quantity = next(measure.evidence for measure in source.measures if measure.additive)
    row = connection.execute(SHARES.format(table=table), [source.name, source.name, quantity]).fetchone()
    if row is None or row[0] < LEAST:
        return Coverage(table, None, None, None, None, None)
    _, own, merged, withheld, work, work_own, work_shown = row
    teams = own + merged + withheld
    return Coverage(
        table,
        _stepped(own, teams),
        _stepped(merged, teams),
        _stepped(withheld, teams),
        _stepped(work_own, work),
        _stepped(work_shown, work),
    )


def _stepped(part: float, whole: float) -> int | None:
    return round(100 * part / whole / STEP) * STEP if whole else None


SHARES = """
with teams as (
    select r.period_start, u.unit_id as team_id, c.unit_id as atom_id
    from (select distinct period_start from vault.protected.{table}) as r
    join vault.intermediate.int_units as u on u.period_start = r.period_start and u.unit_level = 'team'
    left join vault.protected.cells as c
        on c.table_name = ? and c.period_start = r.period_start and c.team_id = u.unit_id
),
worked as (
    select period_start, team_id, sum(value) as work
    from vault.intermediate.int_ledger
    where table_name = ? and quantity = ? and value > 0
    group by period_start, team_id
)
select count(distinct team_id), count(*) filter (where atom_id = team_id), count(*) filter (where atom_id <> team_id),
    count(*) filter (where atom_id is null), coalesce(sum(work), 0),
    coalesce(sum(work) filter (where atom_id = team_id), 0),
    coalesce(sum(work) filter (where atom_id is not null), 0)
from teams left join worked using (period_start, team_id)
"""
