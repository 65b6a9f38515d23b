{{ config(enabled="github" in var("systems")) }}
with
    changes as (
        select
            change_key,
            author_key,
            additions,
            deletions,
            created_at,
            ready_at,
            merged_at
        from {{ ref("stg_github__changes") }}
        where
            {{ since_first_candidate("merged_at") }}
            and author_key is not null
            and not coalesce(author_is_bot, false)
    ),
    starts as ({{ work_started("changes") }})
select
    changes.change_key,
    changes.author_key,
    changes.additions,
    changes.deletions,
    changes.ready_at,
    changes.merged_at,
    starts.started_at
from changes
join starts on starts.change_key = changes.change_key
