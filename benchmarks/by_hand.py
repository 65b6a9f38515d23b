"""What the tables of GitHub and Jira hold, by hand: one script of plain DuckDB SQL over the raw rows.

Every number of team_delivery, team_code_volume, team_review, team_wip, team_tasks and team_bottlenecks, for each period
and team, group and organisation: counts, sums, percentiles, rates, shares, the word for growth, the Gini coefficient,
the stage that rose most. Exact: nothing is clipped by person, rounded or withheld, and there is no ledger, no atom, no
test, no frozen roster and no row of a rest. What costs nothing to leave out is left out: a task is in progress from its
first start to its finish, a Gini coefficient is that of all who gave.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import duckdb

LEVELS = "group by grouping sets ((period_start, group_id, team_id), (period_start, group_id), (period_start))"
UNIT = "period_start, group_id, team_id"
BETWEEN = "greatest(epoch({} - {}), 0)"
STAGES = ("coding", "pickup", "review", "merge_wait", "unreviewed_wait", "unapproved_review")
CLASSES = ("active", "waiting", "queued")
PREPARED = {
    "blocks": """
        select period_start, starts_at, ends_at from vault.ops.calendar
        where ends_at < (select as_of from vault.ops.clock)""",
    "homes": """
        select account_key, person_key, unit_id as team_id, parent_id as group_id
        from vault.raw.roster_accounts
        join vault.raw.roster_members using (person_key)
        join vault.raw.roster_units using (unit_id)""",
    "merged": f"""
        select {UNIT}, change_key, person_key, merged_by_key = author_key as is_self, is_revert, created_at,
            least(ready_at, merged_at) as ready_at, merged_at, additions, deletions
        from vault.raw.github_changes
        join homes on account_key = author_key
        join blocks on merged_at >= starts_at and merged_at < ends_at
        where not author_is_bot""",
    "reviewed": """
        select change_key, min(submitted_at) as reviewed_at,
            max(submitted_at) filter (state = 'approved') as approved_at,
            min(submitted_at) filter (state = 'commented') as commented_at,
            min(submitted_at) filter (state = 'changes_requested') as requested_at,
            coalesce(approved_at, max(merged_at)) as settled_at
        from vault.raw.github_reviews
        join merged using (change_key)
        join homes on account_key = reviewer_key
        where homes.person_key <> merged.person_key and submitted_at <= merged_at and not reviewer_is_bot
        group by change_key""",
    "committed": """
        select change_key, min(least(authored_at, committed_at)) as first_at,
            max(committed_at) filter (committed_at <= settled_at) as last_at
        from vault.raw.github_commits
        join merged using (change_key)
        left join reviewed using (change_key)
        group by change_key""",
    "delivered": f"""
        select {UNIT}, greatest(coalesce(first_at, created_at), created_at - interval 90 day) as started_at,
            additions + deletions as lines, epoch(merged_at - started_at) as cycle,
            reviewed_at is null as is_unreviewed, is_self and approved_at is null as is_self_merged, is_revert,
            if(reviewed_at is null, null, coalesce(requested_at <= settled_at or commented_at < last_at, false))
                as is_another_round,
            greatest(started_at, ready_at) as coded_at, greatest(coded_at, reviewed_at) as picked_up_at,
            {BETWEEN.format("ready_at", "started_at")} as coding,
            {BETWEEN.format("reviewed_at", "coded_at")} as pickup,
            {BETWEEN.format("approved_at", "picked_up_at")} as review,
            {BETWEEN.format("merged_at", "greatest(picked_up_at, approved_at)")} as merge_waited,
            if(approved_at is null, null, merge_waited) as merge_wait,
            if(reviewed_at is null, epoch(merged_at - coded_at), null) as unreviewed_wait,
            if(approved_at is null and reviewed_at is not null, merge_waited, null) as unapproved_review
        from merged left join reviewed using (change_key) left join committed using (change_key)""",
    "given": f"""
        select {UNIT}, person_key, line_comments > 0 as is_commented,
            if(row_number() over (partition by change_key order by submitted_at, review_key) = 1,
                epoch(submitted_at - ready_at), null) as first_review
        from vault.raw.github_reviews
        join vault.raw.github_changes using (change_key)
        join homes on account_key = reviewer_key
        join blocks on submitted_at >= starts_at and submitted_at < ends_at
        where author_key <> reviewer_key and not reviewer_is_bot""",
    "moved": """
        select issue_key, min("at") filter (to_category = 'indeterminate') as started_at,
            max("at") filter (to_category = 'done') as finished_at,
            min("at") filter (from_category = 'done') as reopened_at, max("at") as moved_at,
            sum(epoch("at") * ((from_class = 'active')::integer - (to_class = 'active')::integer)) as active,
            sum(epoch("at") * ((from_class = 'waiting')::integer - (to_class = 'waiting')::integer)) as waiting
        from vault.raw.jira_transitions where field = 'status' group by issue_key""",
    "waiting_items": f"""
        select {UNIT}, false as is_task, epoch(ends_at - ready_at) as age,
            coalesce(max(happened_at), ready_at) < ends_at - interval 7 day as is_idle
        from vault.raw.github_changes
        join homes on account_key = author_key
        join blocks on ready_at < ends_at and coalesce(closed_at >= ends_at, true)
        left join (
            select change_key, committed_at as happened_at from vault.raw.github_commits
            union all select change_key, submitted_at from vault.raw.github_reviews
        ) as signs on signs.change_key = github_changes.change_key and happened_at < ends_at
        where not author_is_bot
        group by {UNIT}, github_changes.change_key, ready_at, ends_at
        union all
        select {UNIT}, true as is_task, epoch(ends_at - started_at) as age,
            least(moved_at, started_at) < ends_at - interval 7 day as is_idle
        from vault.raw.jira_issues
        join moved using (issue_key)
        join homes on account_key = assignee_key
        join blocks on started_at < ends_at and coalesce(finished_at >= ends_at, true)
        where issue_type not in ('epic', 'subtask')""",
    "finished": f"""
        select {UNIT}, epoch(finished_at - created_at) as lead, epoch(finished_at - started_at) as cycle,
            issue_type = 'bug' as is_bug, coalesce(reopened_at < finished_at, false) as is_reopened, is_unplanned,
            active, waiting, cycle - active - waiting as queued
        from vault.raw.jira_issues
        join moved using (issue_key)
        join homes on account_key = assignee_key
        join blocks on finished_at >= starts_at and finished_at < ends_at
        where resolution = 'done' and issue_type not in ('epic', 'subtask')""",
}
SHARE = "100 * sum({0}) / sum({1}) as {0}_share"
TABLES = {
    "delivery": f"""
        select {UNIT}, count(*), quantile_disc(cycle, [0.5, 0.75, 0.9]), quantile_disc(lines, [0.5, 0.9]),
            quantile_disc(pickup, 0.5), quantile_disc(review, 0.5), avg(is_unreviewed::integer),
            avg(is_self_merged::integer), avg(is_another_round::integer), avg(is_revert::integer),
            avg((lines > 400)::integer), {", ".join(SHARE.format(stage, "cycle") for stage in STAGES)}
        from delivered {LEVELS}""",
    "code_volume": f"""
        select {UNIT}, sum(least(additions, 1000)) as added, sum(least(deletions, 1000)) as deleted,
            case when 4 * added > 5 * deleted then 'grows' when 4 * deleted > 5 * added then 'shrinks' else 'steady' end
        from merged {LEVELS}""",
    "review": f"""
        select {UNIT}, count(*), quantile_disc(first_review, [0.5, 0.75]), avg(is_commented::integer)
        from given {LEVELS}""",
    "spread": f"""
        with gave as (
            select {UNIT}, person_key, count(*) as n from given
            {LEVELS.replace("team_id)", "team_id, person_key)").replace("group_id),", "group_id, person_key),")}
        ), ranked as (
            select *, row_number() over (partition by {UNIT} order by n) as i, count(*) over (partition by {UNIT}) as k
            from gave where person_key is not null
        )
        select {UNIT}, sum((2 * i - k - 1) * n) / sum(k * n) from ranked group by all""",
    "wip": f"""
        select {UNIT}, count(*), quantile_disc(age, [0.5, 0.75]), avg(is_task::integer), avg(is_idle::integer)
        from waiting_items {LEVELS}""",
    "tasks": f"""
        select {UNIT}, count(*), quantile_disc(lead, [0.5, 0.75, 0.9]), quantile_disc(cycle, [0.5, 0.75, 0.9]),
            avg(is_bug::integer), avg(is_reopened::integer), avg(is_unplanned::integer),
            {", ".join(SHARE.format(part, "cycle") for part in CLASSES)}
        from finished {LEVELS}""",
    "bottlenecks": f"""
        with stages as (
            unpivot (select {UNIT}, columns('_share') from delivery)
            on columns('_share') into name stage value share
        ), rises as (
            select *, avg(share) over recent - avg(share) over usual as rise, stddev_samp(share) over usual as spread
            from stages
            window recent as (partition by group_id, team_id, stage order by period_start rows 2 preceding),
                usual as (partition by group_id, team_id, stage order by period_start
                    rows between 15 preceding and 3 preceding)
        )
        select {UNIT}, arg_max(stage, rise / spread) from rises group by all""",
}


def work_out(connection: duckdb.DuckDBPyConnection) -> None:
    """All of it, into temporary tables."""
    for name, query in {**PREPARED, **TABLES}.items():
        connection.execute(f"create or replace temp table {name} as {query}")
