{{ config(enabled="github" in var("systems")) }}
select
    commit_key, change_key, author_is_bot, authored_at, committed_at, change_updated_at
from {{ source("github", "github_commits") }}
