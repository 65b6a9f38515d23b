{{ config(enabled="git" in var("systems")) }}
select
    commit_key,
    repository_key,

    author_key,
    author_is_bot,

    additions,
    deletions,

    is_merge,

    authored_at,
    committed_at
from {{ source("git", "git_commits") }}
