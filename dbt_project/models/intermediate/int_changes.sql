{{ config(enabled="github" in var("systems")) }}
with
    first_commits as (
        select change_key, min(least(authored_at, committed_at)) as first_commit_at
        from {{ ref("stg_github__commits") }}
        group by change_key
    )
select
    changes.change_key,
    changes.author_key,
    changes.additions,
    changes.deletions,
    changes.ready_at,
    changes.merged_at,
    case
        when first_commits.first_commit_at is null
        then changes.created_at
        when first_commits.first_commit_at < changes.created_at - interval 90 day
        then changes.created_at - interval 90 day
        else first_commits.first_commit_at
    end as started_at
from {{ ref("stg_github__changes") }} as changes
left join first_commits on first_commits.change_key = changes.change_key
where
    changes.merged_at is not null
    and changes.author_key is not null
    and not coalesce(changes.author_is_bot, false)
