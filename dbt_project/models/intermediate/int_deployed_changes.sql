{{
    config(
        enabled="events" in var("systems") and "github" in var("systems"),
        materialized="table",
    )
}}
{# What a deployment says of itself counts before what is inferred; the first one known of a repository is a baseline and takes nothing. #}
with
    recent as (
        select *
        from {{ ref("int_deployments") }}
        where {{ since_first_candidate("finished_at", "team_dora") }}
    ),
    named as (
        select
            named.change_key,
            deployments.deployment_key,
            deployments.finished_at,
            row_number() over (
                partition by named.change_key
                order by deployments.finished_at, deployments.deployment_key
            ) as place
        from {{ ref("stg_events__deployed_changes") }} as named
        join
            {{ ref("int_deployments") }} as deployments
            on deployments.deployment_key = named.deployment_key
    ),
    first_named as (
        select change_key, deployment_key, finished_at from named where place = 1
    ),
    held as (
        select
            changes.change_key,
            recent.deployment_key,
            recent.finished_at,
            false as is_linked
        from recent
        join
            {{ ref("stg_github__changes") }} as changes
            on changes.repository_key = recent.repository_key
            and changes.merged_at > recent.reached_before
            and changes.merged_at <= recent.reaches_to
        left join first_named on first_named.change_key = changes.change_key
        where changes.is_base_default and first_named.change_key is null
        union all
        select change_key, deployment_key, finished_at, true as is_linked
        from first_named
        where {{ since_first_candidate("finished_at", "team_dora") }}
    ),
    changes as (
        select
            held.change_key,
            held.deployment_key,
            held.finished_at,
            held.is_linked,
            changes.author_key,
            changes.created_at,
            changes.merged_at,
            coalesce(changes.is_revert, false) as is_revert
        from held
        join
            {{ ref("stg_github__changes") }} as changes
            on changes.change_key = held.change_key
        where
            changes.merged_at is not null
            and changes.author_key is not null
            and not coalesce(changes.author_is_bot, false)
    ),
    starts as ({{ work_started("changes") }})
select
    changes.change_key,
    changes.deployment_key,
    changes.author_key,
    changes.merged_at,
    changes.finished_at,
    changes.is_linked,
    changes.is_revert,
    {{ seconds_between("starts.started_at", "changes.finished_at") }} as lead_seconds,
    {{ seconds_between("changes.merged_at", "changes.finished_at") }} as wait_seconds
from changes
join starts on starts.change_key = changes.change_key
