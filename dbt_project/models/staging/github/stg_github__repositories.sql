{{ config(enabled="github" in var("systems")) }}
select repository_key
from {{ source("github", "github_repositories") }}
