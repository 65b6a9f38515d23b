{{ config(enabled="git" in var("systems")) }}
select
    commit_key,
    repository_key,

    author_key,
    author_is_bot,

    parents,
    additions,
    deletions,
    changed_files,

    is_merge,

    authored_at,
    committed_at
from {{ source("git", "git_commits") }}
