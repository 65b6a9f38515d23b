"""Whether dbt has anything to build tonight: on most nights no period closes, and what is sealed is never built again.

A night builds when a period has settled and is not sealed, when one has begun that nothing is frozen for yet, when the
roster, the models, the settings or the policy are others than at the last build, and when that build was not whole.
Rows that arrived meanwhile wait in `raw` for the night on which their period is due: models look at such periods alone.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from orchestration.clock import CALENDARS, midnight, midnight_in
from orchestration.dbt_manifest import fingerprint
from orchestration.dbt_process import GOOD

if TYPE_CHECKING:
    import duckdb

    from orchestration.settings import Settings

ROSTER = ("roster_units", "roster_members", "roster_accounts")
FROZEN = ("int_units", "int_members", "int_accounts")
SEALED = """
select split_part(node, '.', 3), max(sealed.period_start)
from vault.ops.builds left join vault.ops.sealed as sealed on sealed.table_name = split_part(node, '.', 3)
where split_part(node, '.', 3) in (select unnest($tables)) and starts_with(node, 'model.')
group by 1
"""


def due(connection: duckdb.DuckDBPyConnection, settings: Settings, day: date) -> bool:
    """Whether a period is due on this day, or the last build was another one; the roster is not asked."""
    from expectations.measures import TABLES

    statuses = connection.execute("select status from vault.ops.builds").fetchall()
    if not statuses or any(status not in GOOD for (status,) in statuses):
        return True
    if connection.execute("select project from vault.ops.built").fetchall() != [(fingerprint(settings),)]:
        return True
    calendar = list(CALENDARS[settings.period](day))
    ended = midnight(day) - timedelta(days=settings.policy.settle_days)
    ends = {one.period_start: midnight_in(settings.time_zone, one.period_end + timedelta(days=1)) for one in calendar}
    settled = [start for start, end in ends.items() if end <= ended]
    newest = dict(connection.execute(SEALED, {"tables": [table.name for table in TABLES]}).fetchall())
    if settled and any(sealed is None or sealed < settled[-1] for sealed in newest.values()):
        return True
    begun = [calendar[-1].period_start]
    return any(
        connection.execute(f"select 1 from vault.intermediate.{name} where period_start = ? limit 1", begun).fetchone()
        is None
        for name in FROZEN
    )


def same_roster(connection: duckdb.DuckDBPyConnection) -> bool:
    """Whether the roster is the one of the last build."""
    return connection.execute("select roster from vault.ops.built").fetchall() == [(_roster(connection),)]


def remember(connection: duckdb.DuckDBPyConnection, settings: Settings, *, whole: bool) -> None:
    """What the build that has just ended was made of; after one of some models alone, the next night builds."""
    connection.execute("delete from vault.ops.built")
    if whole:
        connection.execute("insert into vault.ops.built values (?, ?)", [fingerprint(settings), _roster(connection)])


def _roster(connection: duckdb.DuckDBPyConnection) -> str:
    from expectations.content import relation_content

    return " ".join(relation_content(connection, f"vault.raw.{name}") for name in ROSTER)
