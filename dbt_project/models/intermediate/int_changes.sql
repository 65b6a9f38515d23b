{{ config(enabled="github" in var("systems")) }}
with
    changes as (
        select
            change_key,
            author_key,
            case
                when not coalesce(merged_by_is_bot, false) then merged_by_key
            end as merger_key,
            reverts_key,
            is_revert,
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
    starts as ({{ work_started("changes", ref("int_touched_commits")) }})
select
    changes.change_key,
    changes.author_key,
    changes.merger_key,
    case
        when not coalesce(reverted.author_is_bot, false) then reverted.author_key
    end as reverted_key,
    coalesce(changes.is_revert, false) as is_revert,
    changes.additions,
    changes.deletions,
    changes.ready_at,
    changes.merged_at,
    starts.started_at
from changes
join starts on starts.change_key = changes.change_key
left join
    {{ ref("stg_github__changes") }} as reverted
    on reverted.change_key = changes.reverts_key
