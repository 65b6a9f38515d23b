{{
    config(
        enabled="github" in var("systems")
        and ("events" in var("systems") or "deployments" in var("systems")),
        materialized="table",
    )
}}
with
    changes as (
        select *
        from {{ ref("int_held_changes") }}
        where is_human and {{ since_first_candidate("finished_at", "team_dora") }}
    ),
    starts as ({{ work_started("changes", ref("stg_github__commits")) }})
select
    changes.change_key,
    changes.deployment_key,
    changes.author_key,
    changes.merged_at,
    changes.finished_at,
    changes.is_linked,
    {{ seconds_between("starts.started_at", "changes.finished_at") }} as lead_seconds,
    {{ seconds_between("changes.merged_at", "changes.finished_at") }} as wait_seconds
from changes
join starts on starts.change_key = changes.change_key
