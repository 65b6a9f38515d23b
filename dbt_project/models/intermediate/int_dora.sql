{{
    config(
        enabled="events" in var("systems") or "deployments" in var("systems"),
        materialized="table",
    )
}}
{% set incidents = "events" in var("systems") or "jira" in var("systems") %}
{% set github = "github" in var("systems") %}
{% set mended = "events" in var("systems") %}
{% set answered = "jira" in var("systems") %}
with
    {% if incidents %}
        told as (
            select
                (select count(*) from {{ ref("int_incidents") }}) + (
                    select count(fixes_key) from {{ ref("int_deployments") }}
                ) as failures
        ),
    {% endif %}
    events as (
        select
            'deployment' as kind,
            deployments.deployment_key as event_key,
            deployments.deployer_key as account_key,
            cast(null as varchar) as deployer_key,
            cast(null as varchar) as mender_key,
            cast(null as varchar) as responder_key,
            deployments.finished_at as happened_at,
            cast(null as bigint) as lead_seconds,
            cast(null as bigint) as wait_seconds,
            cast(null as boolean) as is_linked,
            deployments.is_rework,
            {# Where nobody has told of a failure, nobody has said that nothing failed. #}
            {% if incidents %}
                case
                    when told.failures > 0 then failures.deployment_key is not null
                end as is_failed,
                failures.is_told,
            {% else %}
                cast(null as boolean) as is_failed, cast(null as boolean) as is_told,
            {% endif %}
            cast(null as bigint) as recovery_seconds
        from {{ ref("int_deployers") }} as deployments
        {% if incidents %}
            left join
                {{ ref("int_failures") }} as failures
                on failures.deployment_key = deployments.deployment_key
            cross join told
            union all
            select
                'recovery' as kind,
                failures.deployment_key as event_key,
                deployments.deployer_key as account_key,
                cast(null as varchar) as deployer_key,
                {% if mended %} menders.deployer_key
                {% else %} cast(null as varchar)
                {% endif %} as mender_key,
                failures.responder_key,
                failures.recovered_at as happened_at,
                cast(null as bigint) as lead_seconds,
                cast(null as bigint) as wait_seconds,
                cast(null as boolean) as is_linked,
                cast(null as boolean) as is_rework,
                cast(null as boolean) as is_failed,
                cast(null as boolean) as is_told,
                {{ seconds_between("failures.finished_at", "failures.recovered_at") }}
                as recovery_seconds
            from {{ ref("int_failures") }} as failures
            join
                {{ ref("int_deployers") }} as deployments
                on deployments.deployment_key = failures.deployment_key
            {% if mended %}
                left join
                    {{ ref("int_deployers") }} as menders
                    on menders.deployment_key = failures.mending_key
            {% endif %}
            where failures.recovered_at is not null
        {% endif %}
        {% if github %}
            union all
            select
                'change' as kind,
                changes.change_key as event_key,
                changes.author_key as account_key,
                deployments.deployer_key,
                cast(null as varchar) as mender_key,
                cast(null as varchar) as responder_key,
                changes.finished_at as happened_at,
                changes.lead_seconds,
                changes.wait_seconds,
                changes.is_linked,
                cast(null as boolean) as is_rework,
                cast(null as boolean) as is_failed,
                cast(null as boolean) as is_told,
                cast(null as bigint) as recovery_seconds
            from {{ ref("int_deployed_changes") }} as changes
            join
                {{ ref("int_deployers") }} as deployments
                on deployments.deployment_key = changes.deployment_key
        {% endif %}
    ),
    homed as ({{ home_team("team_dora", "events", "account_key", "happened_at") }})
select
    homed.period_start,
    homed.team_id,
    homed.kind,
    homed.event_key,
    homed.person_key,
    {% if github %} {{ person_of("homed.deployer_key", "deployers") }}
    {% else %} homed.deployer_key
    {% endif %} as deployer_key,
    {% if mended %} {{ person_of("homed.mender_key", "menders") }}
    {% else %} homed.mender_key
    {% endif %} as mender_key,
    {% if answered %} {{ person_of("homed.responder_key", "responders") }}
    {% else %} homed.responder_key
    {% endif %} as responder_key,
    homed.lead_seconds,
    homed.wait_seconds,
    homed.is_linked,
    homed.is_failed,
    homed.is_rework,
    homed.is_told,
    homed.recovery_seconds
from homed
{% if github %}
    left join
        {{ ref("int_accounts") }} as deployers
        on deployers.period_start = homed.period_start
        and deployers.account_key = homed.deployer_key
{% endif %}
{% if mended %}
    left join
        {{ ref("int_accounts") }} as menders
        on menders.period_start = homed.period_start
        and menders.account_key = homed.mender_key
{% endif %}
{% if answered %}
    left join
        {{ ref("int_accounts") }} as responders
        on responders.period_start = homed.period_start
        and responders.account_key = homed.responder_key
{% endif %}
