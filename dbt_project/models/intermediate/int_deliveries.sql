{{ config(enabled="github" in var("systems"), materialized="table") }}
{# A stage begins where the one before it ended, or where it should have: what lies the wrong way round has no length of its own (NULL) and
   shortens its neighbour, so that the stages of a change always add up to its cycle. #}
with
    changes as (
        {{ home_team("team_delivery", ref("int_changes"), "author_key", "merged_at") }}
    ),
    reviews as (
        select
            changes.change_key,
            changes.merged_at,
            {{ person_of("reviews.reviewer_key", "accounts") }} as reviewer_key,
            reviews.reviewer_key as account_key,
            reviews.state,
            reviews.submitted_at,
            row_number() over (
                partition by changes.change_key
                order by reviews.submitted_at, reviews.review_key
            ) as place
        from changes
        join
            {{ ref("int_reviews") }} as reviews
            on reviews.change_key = changes.change_key
            and reviews.submitted_at <= changes.merged_at
        left join
            {{ ref("int_accounts") }} as accounts
            on accounts.period_start = changes.period_start
            and accounts.account_key = reviews.reviewer_key
        where coalesce(accounts.person_key, '') <> changes.person_key
    ),
    requests as (
        select change_key, account_key, max(submitted_at) as requested_at
        from reviews
        where state = 'changes_requested'
        group by change_key, account_key
    ),
    approvals as (
        {# In force at the merge: its reviewer has not asked for changes since. #}
        select reviews.change_key, max(reviews.submitted_at) as approved_at
        from reviews
        left join
            requests
            on requests.change_key = reviews.change_key
            and requests.account_key = reviews.account_key
        where
            reviews.state = 'approved'
            and (
                requests.requested_at is null
                or requests.requested_at < reviews.submitted_at
            )
        group by reviews.change_key
    ),
    seen as (
        select
            change_key,
            max(case when place = 1 then reviewer_key end) as reviewer_key,
            min(submitted_at) as reviewed_at,
            max(merged_at) as merged_at,
            sum(case when state = 'commented' then 1 else 0 end) as comments
        from reviews
        group by change_key
    ),
    reviewed as (
        select
            seen.change_key,
            seen.reviewer_key,
            seen.reviewed_at,
            approvals.approved_at,
            coalesce(approvals.approved_at, seen.merged_at) as settled_at,
            seen.comments
        from seen
        left join approvals on approvals.change_key = seen.change_key
    ),
    last_commits as (
        select commits.change_key, max(commits.committed_at) as committed_at
        from {{ ref("int_touched_commits") }} as commits
        join
            reviewed
            on reviewed.change_key = commits.change_key
            and reviewed.settled_at >= commits.committed_at
        where reviewed.comments > 0 and not coalesce(commits.author_is_bot, false)
        group by commits.change_key
    ),
    askings as (
        {# The first review that asked for another round: a request, or a comment that a commit followed. #}
        select reviews.change_key, min(reviews.place) as place
        from reviews
        join reviewed on reviewed.change_key = reviews.change_key
        left join last_commits on last_commits.change_key = reviews.change_key
        where
            reviews.submitted_at <= reviewed.settled_at
            and (
                reviews.state = 'changes_requested'
                or (
                    reviews.state = 'commented'
                    and last_commits.committed_at > reviews.submitted_at
                )
            )
        group by reviews.change_key
    ),
    events as (
        select
            changes.period_start,
            changes.team_id,
            changes.change_key,
            changes.person_key,
            {{ person_of("changes.merger_key", "mergers") }} as merger_key,
            {{ person_of("changes.reverted_key", "reverted") }} as reverted_key,
            askers.reviewer_key as asker_key,
            changes.is_revert,
            askers.change_key is not null as is_asked_again,
            changes.additions + changes.deletions as changed_lines,
            changes.started_at,
            changes.merged_at,
            case
                when changes.ready_at < changes.merged_at
                then changes.ready_at
                else changes.merged_at
            end as ready_at,
            reviewed.reviewer_key,
            reviewed.reviewed_at,
            reviewed.approved_at
        from changes
        left join reviewed on reviewed.change_key = changes.change_key
        left join askings on askings.change_key = changes.change_key
        left join
            reviews as askers
            on askers.change_key = askings.change_key
            and askers.place = askings.place
        left join
            {{ ref("int_accounts") }} as mergers
            on mergers.period_start = changes.period_start
            and mergers.account_key = changes.merger_key
        left join
            {{ ref("int_accounts") }} as reverted
            on reverted.period_start = changes.period_start
            and reverted.account_key = changes.reverted_key
    ),
    bounds as (
        select
            *,
            greatest(started_at, ready_at) as coded_at,
            greatest(started_at, ready_at, reviewed_at) as picked_up_at,
            greatest(started_at, ready_at, reviewed_at, approved_at) as waiting_from
        from events
    )
select
    period_start,
    team_id,
    change_key,
    person_key,
    reviewer_key,
    merger_key,
    reverted_key,
    asker_key,
    changed_lines,
    reviewed_at is null as is_unreviewed,
    coalesce(merger_key = person_key, false) and approved_at is null as is_self_merged,
    is_revert,
    case when reviewed_at is not null then is_asked_again end as is_another_round,
    changed_lines > 400 as is_large,
    {{ seconds_between("started_at", "merged_at") }} as cycle_seconds,
    case
        when started_at <= merged_at
        then {{ seconds_between("started_at", "ready_at") }}
    end as coding_seconds,
    case
        when started_at <= merged_at and reviewed_at is not null
        then {{ seconds_between("coded_at", "reviewed_at") }}
    end as pickup_seconds,
    case
        when started_at <= merged_at and approved_at is not null
        then {{ seconds_between("picked_up_at", "approved_at") }}
    end as review_seconds,
    case
        when started_at <= merged_at and approved_at is not null
        then {{ seconds_between("waiting_from", "merged_at") }}
    end as merge_wait_seconds,
    case
        when started_at <= merged_at and reviewed_at is null
        then {{ seconds_between("coded_at", "merged_at") }}
    end as unreviewed_wait_seconds,
    case
        when started_at <= merged_at and reviewed_at is not null and approved_at is null
        then {{ seconds_between("picked_up_at", "merged_at") }}
    end as unapproved_review_seconds
from bounds
