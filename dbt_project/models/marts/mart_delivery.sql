{{ config(enabled="github" in var("systems"), meta={"table_name": "team_delivery"}) }}
with
    changes as (
        {{ home_team("team_delivery", ref("int_changes"), "author_key", "merged_at") }}
    ),
    reviewers as (
        select
            changes.change_key,
            {# Accounts outside the roster count as one person: several may be one, and one must not look like a quorum. #}
            case
                when accounts.person_key is not null
                then accounts.person_key
                when reviews.reviewer_key is not null
                then 'unrostered'
            end as reviewer_key,
            row_number() over (
                partition by changes.change_key
                order by reviews.submitted_at, reviews.review_key
            ) as place
        from changes
        join
            {{ ref("int_reviews") }} as reviews
            on reviews.change_key = changes.change_key
        left join
            {{ ref("int_accounts") }} as accounts
            on accounts.period_start = changes.period_start
            and accounts.account_key = reviews.reviewer_key
        where coalesce(accounts.person_key, '') <> changes.person_key
    )
select
    changes.period_start,
    changes.team_id,
    changes.change_key,
    changes.person_key as author_key,
    reviewers.reviewer_key,
    {{ seconds_between("changes.started_at", "changes.merged_at") }} as cycle_seconds,
    reviewers.change_key is null as is_unreviewed
from changes
left join reviewers on reviewers.change_key = changes.change_key and reviewers.place = 1
