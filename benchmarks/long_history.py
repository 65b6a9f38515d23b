"""What a company writes in years, as the door leaves it: rows of `raw`, made by SQL, any number of them.

Teams of eight, ten to a group: 1,600 people in 200 teams, where nothing else is said. A history of so many changes lies
evenly over 26 blocks; the news of one more block is the same whatever the history. A change has two commits, four in
five a review that approves it, one of four of those an earlier one, and there is a task for each change. Every measure
of GitHub and Jira finds rows to count. Where such systems are read, a change also has two runs, and two of three are
deployed by a machine, which breaks something every seventh time.
"""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from fractions import Fraction
from typing import TYPE_CHECKING

from orchestration.clock import blocks

if TYPE_CHECKING:
    import duckdb

BLOCKS = [one for one in blocks(date(2027, 2, 1)) if one.period_start >= date(2024, 12, 30)][:27]
TEAMS = 200
MEMBERS = 8  # of each team
EACH = Fraction(5, 2)  # changes a person and block, of the news
ROSTER = """
insert into vault.raw.roster_units by name
    select 'acme' as unit_id, null as parent_id, 'org' as unit_level, 'Acme' as unit_name,
        date '2015-01-05' as valid_from
    union all by name
    select 'g' || i as unit_id, 'acme' as parent_id, 'group' as unit_level, 'Group ' || i as unit_name,
        date '2015-01-05' as valid_from
    from range({groups}) as r(i)
    union all by name
    select 't' || i as unit_id, 'g' || i % {groups} as parent_id, 'team' as unit_level, 'Team ' || i as unit_name,
        date '2015-01-05' as valid_from
    from range({teams}) as r(i);
insert into vault.raw.roster_members by name
    select md5('p' || i) as person_key, 't' || i % {teams} as unit_id, date '2015-01-05' as valid_from
    from range({people}) as r(i);
insert into vault.raw.roster_accounts by name
    select md5('a' || i) as account_key, md5('p' || i) as person_key from range({people}) as r(i);
"""
EVENTS = """
create or replace temp table made as
select
    i,
    timestamp '{begin}' + to_milliseconds(((i - {low}) * {span} * 1000) // ({high} - {low})) as ended_at,
    ended_at - to_seconds((600 + hash(i, 'hours') % 500000)::bigint) as begun_at,
    begun_at + (ended_at - begun_at) / 3 as ready_at,
    md5('c' || i) as change_key,
    md5('r' || hash(i, 'repository') % 50) as repository_key,
    md5('a' || hash(i, 'author') % {people}) as author_key,
    md5('a' || (hash(i, 'author') + 1 + hash(i, 'reviewer') % 9 * {teams}) % {people}) as reviewer_key
from range({low}, {high}) as r(i)
"""
ROWS = {
    "github_changes": """
        select change_key, repository_key, author_key, false as author_is_bot,
            if(hash(i, 'merger') % 3 = 0, author_key, reviewer_key) as merged_by_key, false as merged_by_is_bot,
            ready_at as created_at, ready_at, ended_at as merged_at, ended_at as closed_at,
            1 + hash(i, 'added') % 300 as additions, hash(i, 'deleted') % 150 as deletions,
            false as is_draft, true as is_base_default, (hash(i, 'revert') >> 32) % 20 = 0 as is_revert,
            if(is_revert and i > {low}, md5('c' || i - 1), null) as reverts_key,
            md5('m' || i) as merge_commit_key
        from made""",
    "github_reviews": """
        select md5('v' || i || '.' || n) as review_key, change_key, reviewer_key,
            false as reviewer_is_bot, ended_at as change_updated_at, (hash(i, 'comments') >> 32) % 4 as line_comments,
            case when n = 1 then 'approved' when i % 2 = 0 then 'commented' else 'changes_requested' end as state,
            ready_at + (ended_at - ready_at) / (3 - n) as submitted_at
        from made cross join range(2) as r(n)
        where hash(i, 'reviewed') % 5 > 0 and (n = 1 or (hash(i, 'rounds') >> 32) % 4 = 0)""",
    "github_commits": """
        select md5('k' || i || '.' || n) as commit_key, change_key, false as author_is_bot,
            begun_at + to_hours(n::integer) as authored_at,
            begun_at + to_hours(n::integer) as committed_at, ended_at as change_updated_at
        from made cross join range(2) as r(n)""",
    "jira_issues": """
        select md5('i' || i) as issue_key,
            if(hash(i, 'bug') % 5 = 0, 'bug', 'task') as issue_type, 'done' as status_category,
            'done' as status_class, 'done' as resolution, begun_at as created_at, ended_at as resolved_at,
            ended_at as updated_at, author_key as assignee_key, false as assignee_is_bot,
            (hash(i, 'unplanned') >> 32) % 4 = 0 as is_unplanned
        from made""",
    "jira_transitions": """
        select md5('s' || i || '.' || n) as transition_key, md5('i' || i) as issue_key,
            'status' as field, begun_at + (ended_at - begun_at) * (n + 1) / 3 as "at",
            if(n = 0, 'new', 'indeterminate') as from_category, if(n = 2, 'done', 'indeterminate') as to_category,
            ['queue', 'active', 'waiting'][n + 1] as from_class, ['active', 'waiting', 'done'][n + 1] as to_class,
            true as is_mapped, ended_at as issue_updated_at
        from made cross join range(3) as r(n)""",
    "actions_runs": """
        select md5('w' || i || '.' || n) as run_key, 1 as attempt, repository_key, md5('w') as workflow_key,
            author_key as starter_key, false as starter_is_bot, if(n = 0, 'change', 'push') as event,
            if(hash(i, n, 'failed') % 5 = 0, 'failure', 'success') as conclusion, n = 1 as is_default_branch,
            if(n = 0, ready_at, ended_at) as created_at, created_at as started_at,
            created_at + to_seconds((120 + hash(i, n, 'run') % 3000)::bigint) as completed_at,
            (hash(i, n, 'queue') % 300)::bigint as queue_seconds
        from made cross join range(2) as r(n)""",
    "events_deployments": """
        select md5('d' || i) as deployment_key, md5('s' || hash(i, 'repository') % 50) as service_key, repository_key,
            md5('m' || i) as commit_key, 'production' as environment, 'success' as status,
            ended_at + interval 2 hour as finished_at
        from made where i % 3 < 2""",
    "events_incidents": """
        select md5('n' || i) as incident_key, md5('s' || hash(i, 'repository') % 50) as service_key,
            md5('d' || i) as caused_by_key, ended_at + interval 3 hour as opened_at,
            ended_at + to_hours((4 + i % 9)::integer) as resolved_at
        from made where i % 3 < 2 and i % 7 = 0""",
}
PIECE = 500_000
LAST = BLOCKS[-1]


def a_block_of(teams: int) -> int:
    """How many changes so many teams merge in a block."""
    return int(teams * MEMBERS * EACH)


def found(connection: duckdb.DuckDBPyConnection, changes: int, teams: int = TEAMS, blocks: int = 26) -> None:
    """The roster, and a history of so many changes and blocks that ends before the last block."""
    sizes = {"teams": teams, "groups": teams // 10, "people": teams * MEMBERS}
    for statement in filter(str.strip, ROSTER.format(**sizes).split(";")):
        connection.execute(statement)
    _write(connection, teams, (0, changes), (BLOCKS[-1 - blocks].period_start, LAST.period_start))


def news(connection: duckdb.DuckDBPyConnection, changes: int, teams: int = TEAMS) -> None:
    """The last block's rows."""
    after = LAST.period_end + timedelta(days=1)
    _write(connection, teams, (changes, changes + a_block_of(teams)), (LAST.period_start, after))


def read_at(connection: duckdb.DuckDBPyConnection, streams: list[tuple[str, str]], moment: datetime) -> None:
    """All streams were read through to this moment."""
    connection.execute("delete from vault.ops.reads")
    for system, stream in streams:
        connection.execute(
            "insert into vault.ops.reads values (?, ?, ?, 'ok', null, ?)", [system, stream, moment, moment]
        )


def settled(block: int) -> datetime:
    """The night on which this block becomes a candidate."""
    return datetime.combine(BLOCKS[block].period_end + timedelta(days=9), time())


def _write(
    connection: duckdb.DuckDBPyConnection, teams: int, numbers: tuple[int, int], days: tuple[date, date]
) -> None:
    """In pieces, so that memory stays flat; every piece ends where the next one begins."""
    (low, high), (begin, end) = numbers, days
    span = int((end - begin).total_seconds())
    there = {name for (name,) in connection.execute("select table_name from duckdb_tables()").fetchall()}
    for start in range(low, high, PIECE):
        stop = min(start + PIECE, high)
        offset = (start - low) * span // (high - low)
        moment = datetime.combine(begin, time()) + timedelta(seconds=offset)
        length = (stop - low) * span // (high - low) - offset
        sizes = {"teams": teams, "people": teams * MEMBERS}
        connection.execute(EVENTS.format(low=start, high=stop, begin=moment, span=length, **sizes))
        for table in there & ROWS.keys():
            connection.execute(f"insert into vault.raw.{table} by name {ROWS[table].format(low=low)}")
    connection.execute("drop table if exists made")
