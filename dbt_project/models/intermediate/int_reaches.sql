{{
    config(
        enabled="github" in var("systems")
        and ("events" in var("systems") or "deployments" in var("systems"))
    )
}}
{% set services = "deployments" in var("systems") %}
{# A deployment that names a service of its repository brings that part alone; any other one the repository as a whole, and so every part. #}
with
    deployed as (
        select
            deployments.deployment_key,
            deployments.repository_key,
            deployments.finished_at,
            deployments.reaches_to,
            {% if services %} named.service_key
            {% else %} cast(null as varchar)
            {% endif %} as named_key
        from {{ ref("int_deployments") }} as deployments
        {% if services %}
            left join
                {{ ref("stg_deployments__services") }} as named
                on named.repository_key = deployments.repository_key
                and named.service_key = deployments.service_key
                and not named.is_whole
        {% endif %}
        where deployments.repository_key is not null
    ),
    parts as (
        select
            deployment_key,
            repository_key,
            repository_key as part_key,
            finished_at,
            reaches_to
        from deployed
        where named_key is null
        {% if services %}
            union all
            select
                deployed.deployment_key,
                deployed.repository_key,
                parts.service_key as part_key,
                deployed.finished_at,
                deployed.reaches_to
            from deployed
            join
                {{ ref("stg_deployments__services") }} as parts
                on parts.repository_key = deployed.repository_key
                and parts.service_key = coalesce(deployed.named_key, parts.service_key)
            where not parts.is_whole
        {% endif %}
    )
select
    deployment_key,
    repository_key,
    part_key,
    finished_at,
    reaches_to,
    max(reaches_to) over (
        partition by repository_key, part_key
        order by finished_at, deployment_key
        rows between unbounded preceding and 1 preceding
    ) as reached_before
from parts
