{{ config(enabled="github" in var("systems")) }}
with
    first_commits as (
        select
            commits.change_key,
            min(least(commits.authored_at, commits.committed_at)) as first_commit_at
        from {{ ref("stg_github__commits") }} as commits
        join
            {{ ref("stg_github__changes") }} as changes
            on changes.change_key = commits.change_key
            and {{ since_first_candidate("changes.merged_at") }}
        group by commits.change_key
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
    {{ since_first_candidate("changes.merged_at") }}
    and changes.author_key is not null
    and not coalesce(changes.author_is_bot, false)
