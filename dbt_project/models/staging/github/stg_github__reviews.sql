{{ config(enabled="github" in var("systems")) }}
select
    review_key,
    change_key,
    reviewer_key,
    reviewer_is_bot,
    line_comments,
    state,
    submitted_at,
    dismissed_at,
    change_updated_at
from {{ source("github", "github_reviews") }}
