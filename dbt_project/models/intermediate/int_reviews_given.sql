{{ config(enabled="github" in var("systems"), materialized="table") }}
with
    reviews as (
        {{
            home_team(
                "team_review", ref("int_reviews"), "reviewer_key", "submitted_at"
            )
        }}
    )
select reviews.period_start, reviews.team_id, reviews.review_key, reviews.person_key
from reviews
left join
    {{ ref("int_accounts") }} as authors
    on authors.period_start = reviews.period_start
    and authors.account_key = reviews.author_key
where coalesce(authors.person_key, '') <> reviews.person_key
