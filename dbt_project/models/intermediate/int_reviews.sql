{{ config(enabled="github" in var("systems"), materialized="table") }}
with
    reviews as (
        {{
            touched(
                ref("stg_github__reviews"),
                "change_updated_at",
                [
                    "review_key",
                    "change_key",
                    "reviewer_key",
                    "reviewer_is_bot",
                    "line_comments",
                    "state",
                    "submitted_at",
                    "dismissed_at",
                ],
            )
        }}
    )
select
    reviews.review_key,
    reviews.change_key,
    reviews.reviewer_key,
    changes.author_key,
    coalesce(changes.author_is_bot, false) as author_is_bot,
    changes.ready_at,
    reviews.line_comments,
    case
        when changes.merged_at is not null and reviews.dismissed_at > changes.merged_at
        then reviews.state
        when reviews.dismissed_at is not null
        then 'dismissed'
        else reviews.state
    end as state,
    reviews.submitted_at
from reviews
join
    {{ ref("stg_github__changes") }} as changes
    on changes.change_key = reviews.change_key
where
    reviews.state in ('approved', 'changes_requested', 'commented', 'dismissed')
    and not coalesce(reviews.reviewer_is_bot, false)
