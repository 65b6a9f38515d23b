{{ config(enabled="github" in var("systems"), materialized="table") }}
with
    reviews as (
        {{
            home_team(
                "team_review", ref("int_reviews"), "reviewer_key", "submitted_at"
            )
        }}
    ),
    given as (
        select
            reviews.*,
            authors.person_key as author_person_key,
            case
                when not reviews.author_is_bot
                then {{ person_of("reviews.author_key", "authors") }}
            end as author
        from reviews
        left join
            {{ ref("int_accounts") }} as authors
            on authors.period_start = reviews.period_start
            and authors.account_key = reviews.author_key
        where coalesce(authors.person_key, '') <> reviews.person_key
    ),
    later as (
        {# Those before which somebody who is not the author had reviewed the change, in a team or not. #}
        select distinct given.review_key
        from given
        join
            {{ ref("int_reviews") }} as earlier
            on earlier.change_key = given.change_key
            and (
                earlier.submitted_at < given.submitted_at
                or (
                    earlier.submitted_at = given.submitted_at
                    and earlier.review_key < given.review_key
                )
            )
        left join
            {{ ref("int_accounts") }} as accounts
            on accounts.period_start = given.period_start
            and accounts.account_key = earlier.reviewer_key
        where
            earlier.reviewer_key is null
            or (
                coalesce(accounts.person_key, '')
                <> coalesce(given.author_person_key, '-')
                and earlier.reviewer_key <> coalesce(given.author_key, '')
            )
    )
select
    given.period_start,
    given.team_id,
    given.review_key,
    given.person_key,
    given.author as author_key,
    given.line_comments > 0 as is_commented,
    case
        when later.review_key is null
        then {{ seconds_between("given.ready_at", "given.submitted_at") }}
    end as first_review_seconds
from given
left join later on later.review_key = given.review_key
