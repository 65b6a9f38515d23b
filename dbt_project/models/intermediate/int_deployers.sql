{{
    config(
        enabled="events" in var("systems") or "deployments" in var("systems"),
        materialized="table",
    )
}}
{% set github = "github" in var("systems") %}
{% if github %}
    with
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
        )
{% endif %}
select
    deployments.deployment_key,
    {% if github %} coalesce(deployments.deployer_key, contents.author_key)
    {% else %} deployments.deployer_key
    {% endif %} as deployer_key,
    deployments.finished_at,
    deployments.fixes_key is not null
    {% if github %} or coalesce(contents.is_all_reverts, 0) = 1 {% endif %} as is_rework
from {{ ref("int_deployments") }} as deployments
{% if github %}
    left join contents on contents.deployment_key = deployments.deployment_key
{% endif %}
