{{ config(enabled="github" in var("systems")) }}
select
    change_key,
    repository_key,
    reverts_key,
    merge_commit_key,

    author_key,
    author_is_bot,
    merged_by_key,
    merged_by_is_bot,

    additions,
    deletions,

    is_draft,
    is_base_default,
    is_revert,

    created_at,
    ready_at,
    merged_at,
    closed_at
from {{ source("github", "github_changes") }}
