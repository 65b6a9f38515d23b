{{ config(enabled="events" in var("systems"), materialized="table") }}
{# What is merged to a default branch lies on all that was merged to it before: a deployed merge commit holds every change up to its own. #}
with
    succeeded as (
        select
            deployment_key,
            service_key,
            repository_key,
            commit_key,
            fixes_key,
            deployer_key,
            finished_at
        from {{ ref("stg_events__deployments") }}
        where environment = 'production' and status = 'success'
    ),
    reaching as (
        select
            succeeded.*,
            {% if "github" in var("systems") %} heads.merged_at
            {% else %} cast(null as timestamp)
            {% endif %} as reaches_to
        from succeeded
        {% if "github" in var("systems") %}
            left join
                {{ ref("stg_github__changes") }} as heads
                on heads.merge_commit_key = succeeded.commit_key
                and heads.repository_key = succeeded.repository_key
                and heads.is_base_default
        {% endif %}
    )
select
    deployment_key,
    service_key,
    repository_key,
    fixes_key,
    deployer_key,
    finished_at,
    reaches_to,
    max(reaches_to) over (
        partition by repository_key
        order by finished_at, deployment_key
        rows between unbounded preceding and 1 preceding
    ) as reached_before,
    lead(finished_at) over (
        partition by service_key order by finished_at, deployment_key
    ) as next_finished_at
from reaching
