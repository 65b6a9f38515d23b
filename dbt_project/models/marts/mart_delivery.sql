{{ config(enabled="github" in var("systems"), meta={"table_name": "team_delivery"}) }}
-- depends_on: {{ ref("int_periods") }}
select
    period_start,
    team_id,
    change_key,
    person_key as author_key,
    reviewer_key,
    merger_key,
    reverted_key,
    asker_key,
    changed_lines,
    is_unreviewed,
    is_self_merged,
    is_revert,
    is_another_round,
    is_large,
    cycle_seconds,
    coding_seconds,
    pickup_seconds,
    review_seconds,
    merge_wait_seconds,
    unreviewed_wait_seconds,
    unapproved_review_seconds
from {{ ref("int_deliveries") }}
