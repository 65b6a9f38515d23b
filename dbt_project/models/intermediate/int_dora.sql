{{
    config(
        enabled="events" in var("systems") or "deployments" in var("systems"),
        materialized="table",
    )
}}
{% set incidents = "events" in var("systems") or "jira" in var("systems") %}
{% set github = "github" in var("systems") %}
with
    {% if github %}
        inside as (
            select
                deployment_key,
                author_key,
                is_revert,
                row_number() over (
                    partition by deployment_key
                    order by is_human desc, merged_at desc, change_key
                ) as place
            from {{ ref("int_held_changes") }}
            where deployment_key is not null
        ),
        contents as (
            select
                deployment_key,
                max(case when place = 1 then author_key end) as author_key,
                min(case when is_revert then 1 else 0 end) as is_all_reverts
            from inside
            group by deployment_key
        ),
    {% endif %}
    {% if incidents %}
        told as (
            select
                (select count(*) from {{ ref("int_incidents") }}) + (
                    select count(fixes_key) from {{ ref("int_deployments") }}
                ) as failures
        ),
    {% endif %}
    triggered as (
        select
            deployments.deployment_key,
            deployments.finished_at,
            deployments.fixes_key is not null
            {% if github %}
                or coalesce(contents.is_all_reverts, 0) = 1
            {% endif %} as is_rework,
            {% if github %} coalesce(deployments.deployer_key, contents.author_key)
            {% else %} deployments.deployer_key
            {% endif %} as account_key,
            {# Where nobody has told of a failure, nobody has said that nothing failed. #}
            {% if incidents %}
                case
                    when told.failures > 0 then failures.deployment_key is not null
                end as is_failed,
                failures.is_told,
                failures.recovered_at
            {% else %}
                cast(null as boolean) as is_failed, cast(null as boolean) as is_told
            {% endif %}
        from {{ ref("int_deployments") }} as deployments
        {% if github %}
            left join contents on contents.deployment_key = deployments.deployment_key
        {% endif %}
        {% if incidents %}
            left join
                {{ ref("int_failures") }} as failures
                on failures.deployment_key = deployments.deployment_key
            cross join told
        {% endif %}
    ),
    events as (
        select
            'deployment' as kind,
            deployment_key as event_key,
            account_key,
            finished_at as happened_at,
            cast(null as bigint) as lead_seconds,
            cast(null as bigint) as wait_seconds,
            cast(null as boolean) as is_linked,
            is_failed,
            is_rework,
            is_told,
            cast(null as bigint) as recovery_seconds
        from triggered
        {% if incidents %}
            union all
            select
                'recovery' as kind,
                deployment_key as event_key,
                account_key,
                recovered_at as happened_at,
                cast(null as bigint) as lead_seconds,
                cast(null as bigint) as wait_seconds,
                cast(null as boolean) as is_linked,
                cast(null as boolean) as is_failed,
                cast(null as boolean) as is_rework,
                cast(null as boolean) as is_told,
                {{ seconds_between("finished_at", "recovered_at") }} as recovery_seconds
            from triggered
            where recovered_at is not null
        {% endif %}
        {% if github %}
            union all
            select
                'change' as kind,
                change_key as event_key,
                author_key as account_key,
                finished_at as happened_at,
                lead_seconds,
                wait_seconds,
                is_linked,
                cast(null as boolean) as is_failed,
                cast(null as boolean) as is_rework,
                cast(null as boolean) as is_told,
                cast(null as bigint) as recovery_seconds
            from {{ ref("int_deployed_changes") }}
        {% endif %}
    ),
    homed as ({{ home_team("team_dora", "events", "account_key", "happened_at") }})
select
    period_start,
    team_id,
    kind,
    event_key,
    person_key,
    lead_seconds,
    wait_seconds,
    is_linked,
    is_failed,
    is_rework,
    is_told,
    recovery_seconds
from homed
