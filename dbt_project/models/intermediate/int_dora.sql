{{
    config(
        enabled="events" in var("systems") or "deployments" in var("systems"),
        materialized="table",
    )
}}
{% set events = "events" in var("systems") %}
{% set incidents = events or "jira" in var("systems") %}
{% set github = "github" in var("systems") %}
with
    {% if incidents and not events %}
        known as (select count(*) as incident_count from {{ ref("int_incidents") }}),
    {% endif %}
    {% if github %}
        inside as (
            select
                deployment_key,
                author_key,
                is_revert,
                row_number() over (
                    partition by deployment_key order by merged_at desc, change_key
                ) as place
            from {{ ref("int_deployed_changes") }}
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
            {# Who tells of no incident has not said that nothing failed; of Jira, that it tells of some is known by the first. #}
            {% if incidents %}
                {% if events %} failures.deployment_key is not null
                {% else %}
                    case
                        when known.incident_count > 0
                        then failures.deployment_key is not null
                    end
                {% endif %} as is_failed,
                failures.is_told,
                failures.recovered_at
            {% else %}
                cast(null as boolean) as is_failed,
                cast(null as boolean) as is_told,
                cast(null as timestamp) as recovered_at
            {% endif %}
        from {{ ref("int_deployments") }} as deployments
        {% if github %}
            left join contents on contents.deployment_key = deployments.deployment_key
        {% endif %}
        {% if incidents and not events %} cross join known {% endif %}
        {% if incidents %}
            left join
                {{ ref("int_failures") }} as failures
                on failures.deployment_key = deployments.deployment_key
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
