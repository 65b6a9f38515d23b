"""The tables `units` and `movers` of a release: the tree from block to block, and how many people moved in it.

Both are made from what the vault froze for each block. Movements are told in bands and by block alone: enough to see
that somebody was moved in or out of a team, or that an account was given to somebody else, just where it matters.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

UNITS = """
create table fresh.main.units as
with
    released as (select distinct block_start, block_end, frozen_on from content_of_release),
    block as (select *, row_number() over (order by block_start) as nr, count(*) over () as nrs from released),
    named as (
        select period_start as frozen_on, unit_id, parent_id, unit_level, unit_name from vault.intermediate.int_units
        union all
        select
            period_start,
            'rest:' || case unit_level when 'org' then 'org' else unit_id end,
            unit_id,
            'rest',
            unit_name || ': other teams'
        from vault.intermediate.int_units
        where unit_level in ('org', 'group')
    ),
    in_force as (
        select
            *,
            nr - row_number() over (partition by unit_id, parent_id, unit_level, unit_name order by nr) as island
        from named
        inner join block using (frozen_on)
    )
select
    unit_id,
    parent_id,
    unit_level,
    unit_name,
    min(block_start) as valid_from,
    case when max(nr) < max(nrs) then cast(max(block_end) + interval 1 day as date) end as valid_to
from in_force
group by unit_id, parent_id, unit_level, unit_name, island
order by unit_id, valid_from
"""
MOVERS = """
create table fresh.main.movers as
with
    block as (
        select period_start, lag(period_start) over (order by period_start) as before
        from (select distinct period_start from vault.intermediate.int_units)
    ),
    released as (
        select distinct c.block_start, block.* from content_of_release as c inner join block
        on block.period_start = c.frozen_on
    ),
    people as (
        select
            released.period_start,
            count(*) filter (now.team_id <> old.team_id) as changed_team,
            count(*) filter (now.person_key is not null and old.person_key is null) as joined,
            count(*) filter (now.person_key is null and old.person_key is not null) as left_out
        from released
        inner join vault.intermediate.int_members as any_member
            on any_member.period_start in (released.period_start, released.before)
        left join vault.intermediate.int_members as now
            on now.period_start = released.period_start and now.person_key = any_member.person_key
        left join vault.intermediate.int_members as old
            on old.period_start = released.before and old.person_key = any_member.person_key
        where any_member.period_start = released.period_start or now.person_key is null
        group by released.period_start
    ),
    accounts as (
        select released.period_start, count(*) as changed_account
        from released
        inner join vault.intermediate.int_accounts as now on now.period_start = released.period_start
        inner join vault.intermediate.int_accounts as old
            on old.period_start = released.before and old.account_key = now.account_key
        where old.person_key <> now.person_key
        group by released.period_start
    )
select
    released.block_start as period_start,
    {bands}
from released
left join people on people.period_start = released.period_start
left join accounts on accounts.period_start = released.period_start
order by 1
"""
BAND = """case
        when released.before is null then null
        when coalesce({of}, 0) = 0 then '0'
        when {of} < 6 then '1-5'
        when {of} < 10 then '6-9'
        when {of} < 20 then '10-19'
        when {of} < 50 then '20-49'
        else '50+'
    end as {of}"""
MOVES = ("changed_team", "joined", "left_out", "changed_account")


def write(connection: duckdb.DuckDBPyConnection) -> None:
    """Both tables, into `fresh`, for the blocks that `content_of_release` names."""
    connection.execute(UNITS)
    connection.execute(MOVERS.format(bands=",\n    ".join(BAND.format(of=name) for name in MOVES)))
