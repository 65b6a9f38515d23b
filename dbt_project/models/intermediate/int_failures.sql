{{
    config(
        enabled="events" in var("systems")
        or ("deployments" in var("systems") and "jira" in var("systems"))
    )
}}
{# A failure is what somebody says it is: an incident that names its cause, a deployment that mends another. Else an incident is blamed on the
   last deployment of its service, for a day. #}
with
    blamed as (
        select deployments.deployment_key, 1 as is_told, incidents.resolved_at
        from {{ ref("int_deployments") }} as deployments
        join
            {{ ref("int_incidents") }} as incidents
            on incidents.caused_by_key = deployments.deployment_key
        union all
        select deployments.deployment_key, 0 as is_told, incidents.resolved_at
        from {{ ref("int_deployments") }} as deployments
        join
            {{ ref("int_incidents") }} as incidents
            on incidents.service_key = deployments.service_key
            and incidents.opened_at >= deployments.finished_at
            and incidents.opened_at <= deployments.finished_at + interval 1 day
            and (
                deployments.next_finished_at is null
                or incidents.opened_at < deployments.next_finished_at
            )
        where incidents.caused_by_key is null
    ),
    disturbed as (
        select
            deployment_key,
            max(is_told) as is_told,
            case
                when count(*) = count(resolved_at) then max(resolved_at)
            end as resolved_at
        from blamed
        group by deployment_key
    ),
    mended as (
        select fixes_key as deployment_key, min(finished_at) as mended_at
        from {{ ref("int_deployments") }}
        where fixes_key is not null
        group by fixes_key
    )
select
    deployments.deployment_key,
    mended.deployment_key is not null or disturbed.is_told = 1 as is_told,
    deployments.finished_at,
    case
        when disturbed.deployment_key is not null
        then disturbed.resolved_at
        else mended.mended_at
    end as recovered_at
from {{ ref("int_deployments") }} as deployments
left join disturbed on disturbed.deployment_key = deployments.deployment_key
left join mended on mended.deployment_key = deployments.deployment_key
where disturbed.deployment_key is not null or mended.deployment_key is not null
