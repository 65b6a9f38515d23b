{{
    config(
        enabled="events" in var("systems") or "deployments" in var("systems"),
        materialized="table",
    )
}}
{% set events = "events" in var("systems") %}
{% set github = "github" in var("systems") %}
{# What is merged to a default branch lies on all that was merged to it before: a deployed merge commit holds every change up to its own.
   A repository, and a service, of which events tell is told by them alone; else a deployment that both know would count twice. #}
with
    {% if events %}
        told as (
            select
                deployment_key,
                service_key,
                repository_key,
                commit_key,
                fixes_key,
                deployer_key,
                status,
                finished_at
            from {{ ref("stg_events__deployments") }}
            where environment = 'production'
        ),
    {% endif %}
    succeeded as (
        {% if events %}
            select
                'events' as told_by,
                deployment_key,
                service_key,
                repository_key,
                commit_key,
                fixes_key,
                deployer_key,
                finished_at
            from told
            where status = 'success'
        {% endif %}
        {% if "deployments" in var("systems") %}
            {% if events %}
                union all
            {% endif %}
            select
                'deployments' as told_by,
                found.deployment_key,
                found.service_key,
                found.repository_key,
                found.commit_key,
                cast(null as varchar) as fixes_key,
                found.deployer_key,
                found.finished_at
            from {{ ref("stg_deployments__deployments") }} as found
            join
                {{ ref("stg_deployments__services") }} as rules
                on rules.repository_key = found.repository_key
                and rules.told_by = found.told_by
                and rules.is_whole
            where
                found.environment = 'production' and found.status = 'success'
                {% if events %}
                    and found.service_key not in (select service_key from told)
                    and found.repository_key not in (
                        select repository_key from told where repository_key is not null
                    )
                {% endif %}
        {% endif %}
    ),
    reaching as (
        select
            succeeded.*,
            {% if github %} heads.merged_at
            {% else %} cast(null as timestamp)
            {% endif %} as reaches_to
        from succeeded
        {% if github %}
            left join
                {{ ref("stg_github__changes") }} as heads
                on heads.merge_commit_key = succeeded.commit_key
                and heads.repository_key = succeeded.repository_key
                and heads.is_base_default
        {% endif %}
    )
select
    deployment_key,
    told_by,
    service_key,
    repository_key,
    fixes_key,
    deployer_key,
    finished_at,
    reaches_to,
    lead(finished_at) over (
        partition by service_key order by finished_at, deployment_key
    ) as next_finished_at
from reaching
