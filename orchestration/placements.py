"""The roster as it was when each block began, kept by us, so that the gate can prove what dbt froze of it.

dbt freezes tree and homes of a block on the first night that sees it. Just before, the same raw rows are kept here as
they are (`ops.roster_units`, `ops.roster_members`), and once dbt has frozen a block they are never written again: the
roster file may tell another past later. Until then they follow the roster, as dbt would.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

    from orchestration.dbt_process import Node

FROZEN_BY = {"roster_units": "int_units", "roster_members": "int_members"}
COLUMNS = {"roster_units": "unit_id, parent_id, unit_level", "roster_members": "person_key, unit_id, valid_from"}
OPEN = "block_start not in (select f.block_start from vault.ops.roster_frozen as f where f.roster = '{name}')"
KEEP = """
insert into vault.ops.{name}
select b.block_start, {columns}
from (
    select distinct c.block_start from vault.ops.calendar as c join vault.ops.clock as k on c.period_start <= k.as_of
) as b
join vault.raw.{name} as r on r.valid_from <= b.block_start and (r.valid_to is null or r.valid_to > b.block_start)
where {open}
"""


def keep(connection: duckdb.DuckDBPyConnection) -> None:
    """Before dbt runs: the roster in force on the first day of each block that dbt has not frozen."""
    for name in FROZEN_BY:
        still_open = OPEN.format(name=name)
        connection.execute(f"delete from vault.ops.{name} where {still_open}")
        connection.execute(KEEP.format(name=name, columns=COLUMNS[name], open=still_open))


def seal(connection: duckdb.DuckDBPyConnection, nodes: Sequence[Node]) -> None:
    """After dbt ran: what it has frozen now stays as it was kept."""
    good = {node.name for node in nodes if node.good and node.unique_id.startswith("model.")}
    for name, model in FROZEN_BY.items():
        if model in good:
            connection.execute(
                "insert into vault.ops.roster_frozen select distinct ?, block_start "
                f"from vault.ops.{name} where {OPEN.format(name=name)}",
                [name],
            )
