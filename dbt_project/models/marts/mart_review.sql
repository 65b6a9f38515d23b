{{ config(enabled="github" in var("systems"), meta={"table_name": "team_review"}) }}
-- depends_on: {{ ref("int_periods") }}
select
    period_start,
    team_id,
    review_key,
    person_key as reviewer_key,
    author_key,
    is_commented,
    first_review_seconds
from {{ ref("int_reviews_given") }}
