{{ config(enabled="github" in var("systems")) }}
with
    ends as ({{ period_ends() }}),
    waiting_changes as (
        select
            changes.change_key,
            changes.author_key,
            changes.ready_at,
            ends.ended_at,
            ends.week_before
        from {{ ref("stg_github__changes") }} as changes
        join
            ends
            on changes.ready_at <= ends.ended_at
            and (changes.closed_at is null or changes.closed_at > ends.ended_at)
        where
            (
                changes.closed_at is null
                or {{ since_first_candidate("changes.closed_at", "team_wip") }}
            )
            and changes.author_key is not null
            and not coalesce(changes.author_is_bot, false)
            and not coalesce(changes.is_draft, false)
    ),
    signs as (
        select change_key, committed_at as happened_at
        from {{ ref("int_touched_commits") }}
        where not coalesce(author_is_bot, false)
        union all
        select change_key, submitted_at as happened_at
        from {{ ref("int_reviews") }}
    ),
    moved_changes as (
        select distinct waiting_changes.change_key, waiting_changes.ended_at
        from waiting_changes
        join
            signs
            on signs.change_key = waiting_changes.change_key
            and signs.happened_at >= waiting_changes.week_before
            and signs.happened_at <= waiting_changes.ended_at
    )
select
    waiting_changes.change_key as item_key,
    waiting_changes.author_key as holder_key,
    false as is_task,
    waiting_changes.ready_at as began_at,
    waiting_changes.ended_at,
    waiting_changes.ready_at < waiting_changes.week_before
    and moved_changes.change_key is null as is_idle
from waiting_changes
left join
    moved_changes
    on moved_changes.change_key = waiting_changes.change_key
    and moved_changes.ended_at = waiting_changes.ended_at
