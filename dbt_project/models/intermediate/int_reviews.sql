{{ config(enabled="github" in var("systems")) }}
select
    reviews.review_key, reviews.change_key, reviews.reviewer_key, reviews.submitted_at
from {{ ref("stg_github__reviews") }} as reviews
join
    {{ ref("int_changes") }} as changes
    on changes.change_key = reviews.change_key
    and reviews.submitted_at <= changes.merged_at
where
    reviews.state in ('approved', 'changes_requested', 'commented', 'dismissed')
    and not coalesce(reviews.reviewer_is_bot, false)
