{{ config(enabled="github" in var("systems")) }}
select repository_key, is_archived, is_fork, is_empty
from {{ source("github", "github_repositories") }}
