{{
    config(
        enabled="events" in var("systems")
        or ("deployments" in var("systems") and "jira" in var("systems"))
    )
}}
{# A failure is what somebody says it is: an incident that names its cause, a deployment that mends another. Else an incident is blamed on the
   last deployment of its service, for a day. #}
{% set events = "events" in var("systems") %}
with
    blamed as (
        {% if events %}
            select
                deployments.deployment_key,
                1 as is_told,
                incidents.incident_key,
                incidents.responder_key,
                incidents.resolved_at
            from {{ ref("int_deployments") }} as deployments
            join
                {{ ref("int_incidents") }} as incidents
                on incidents.caused_by_key = deployments.deployment_key
            union all
        {% endif %}
        select
            deployments.deployment_key,
            0 as is_told,
            incidents.incident_key,
            incidents.responder_key,
            incidents.resolved_at
        from {{ ref("int_deployments") }} as deployments
        join
            {{ ref("int_incidents") }} as incidents
            on {{ is_blamed("incidents", "deployments") }}
        {% if events %} where incidents.caused_by_key is null {% endif %}
    ),
    ended as (
        select
            *,
            row_number() over (
                partition by deployment_key order by resolved_at desc, incident_key
            ) as place
        from blamed
    ),
    disturbed as (
        select
            deployment_key,
            max(is_told) as is_told,
            max(case when place = 1 then responder_key end) as responder_key,
            case
                when count(*) = count(resolved_at) then max(resolved_at)
            end as resolved_at
        from ended
        group by deployment_key
    )
    {% if events %}
        ,
        mends as (
            select
                fixes_key as deployment_key,
                deployment_key as mending_key,
                finished_at as mended_at,
                row_number() over (
                    partition by fixes_key order by finished_at, deployment_key
                ) as place
            from {{ ref("int_deployments") }}
            where fixes_key is not null
        ),
        mended as (
            select deployment_key, mending_key, mended_at from mends where place = 1
        )
    {% endif %}
select
    deployments.deployment_key,
    {% if events %} mended.deployment_key is not null or disturbed.is_told = 1
    {% else %} false
    {% endif %} as is_told,
    deployments.finished_at,
    {% if events %} mended.mending_key
    {% else %} cast(null as varchar)
    {% endif %} as mending_key,
    disturbed.responder_key,
    {% if events %}
        case
            when disturbed.deployment_key is not null
            then disturbed.resolved_at
            else mended.mended_at
        end
    {% else %} disturbed.resolved_at
    {% endif %} as recovered_at
from {{ ref("int_deployments") }} as deployments
left join disturbed on disturbed.deployment_key = deployments.deployment_key
{% if events %}
    left join mended on mended.deployment_key = deployments.deployment_key
{% endif %}
where
    disturbed.deployment_key is not null
    {% if events %} or mended.deployment_key is not null {% endif %}
