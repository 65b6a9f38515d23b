{{
    config(
        enabled="github" in var("systems")
        and ("events" in var("systems") or "deployments" in var("systems")),
        materialized="table",
    )
}}
{% set events = "events" in var("systems") %}
{# What a deployment says of itself counts before what is inferred; the first one known of a part is a baseline and takes nothing. #}
with
    recent as (
        select *
        from {{ ref("int_reaches") }}
        where {{ since_first_candidate("finished_at", "team_dora") }}
    ),
    {% if events %}
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
    {% endif %}
    merged as (
        select
            changes.change_key,
            changes.repository_key,
            changes.merged_at,
            {% if "deployments" in var("systems") %}
                coalesce(parts.service_key, changes.repository_key)
            {% else %} changes.repository_key
            {% endif %} as part_key
        from {{ ref("stg_github__changes") }} as changes
        {% if "deployments" in var("systems") %}
            left join
                {{ ref("stg_deployments__change_services") }} as touched
                on touched.change_key = changes.change_key
            left join
                {{ ref("stg_deployments__services") }} as parts
                on parts.repository_key = changes.repository_key
                and parts.service_key = touched.service_key
                and not parts.is_whole
        {% endif %}
        where changes.is_base_default
    ),
    inferred as (
        select
            merged.change_key,
            recent.deployment_key,
            recent.finished_at,
            row_number() over (
                partition by merged.change_key
                order by recent.finished_at, recent.deployment_key
            ) as place
        from recent
        join
            merged
            on merged.repository_key = recent.repository_key
            and merged.part_key = recent.part_key
            and merged.merged_at > recent.reached_before
            and merged.merged_at <= recent.reaches_to
    ),
    held as (
        select
            inferred.change_key,
            inferred.deployment_key,
            inferred.finished_at,
            false as is_linked
        from inferred
        {% if events %}
            left join first_named on first_named.change_key = inferred.change_key
            where inferred.place = 1 and first_named.change_key is null
            union all
            select change_key, deployment_key, finished_at, true as is_linked
            from first_named
            where {{ since_first_candidate("finished_at", "team_dora") }}
        {% else %} where inferred.place = 1
        {% endif %}
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
    starts as ({{ work_started("changes", ref("stg_github__commits")) }})
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
