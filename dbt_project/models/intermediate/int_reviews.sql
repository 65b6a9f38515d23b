{{ config(enabled="github" in var("systems")) }}
select
    reviews.review_key,
    reviews.change_key,
    reviews.reviewer_key,
    changes.author_key,
    coalesce(changes.author_is_bot, false) as author_is_bot,
    changes.ready_at,
    reviews.line_comments,
    reviews.state,
    reviews.submitted_at
from {{ ref("stg_github__reviews") }} as reviews
join
    {{ ref("stg_github__changes") }} as changes
    on changes.change_key = reviews.change_key
where
    reviews.state in ('approved', 'changes_requested', 'commented', 'dismissed')
    and not coalesce(reviews.reviewer_is_bot, false)
