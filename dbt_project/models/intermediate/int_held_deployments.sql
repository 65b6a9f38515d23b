{{ config(enabled="events" in var("systems") or "deployments" in var("systems")) }}
{% set systems = var("systems") %}
{% set events = "events" in systems %}
{% set github = "github" in systems %}
{% set failing = events or "jira" in systems %}
{% if events %}
    with
        named as (
            select
                named.deployment_key,
                {% if github %} max(changes.merged_at)
                {% else %} cast(null as timestamp)
                {% endif %} as merged_at
            from {{ ref("stg_events__deployed_changes") }} as named
            {% if github %}
                left join
                    {{ ref("stg_github__changes") }} as changes
                    on changes.change_key = named.change_key
            {% endif %}
            group by named.deployment_key
        )
{% endif %}
select
    deployments.deployment_key,
    deployments.told_by,
    {% if github %}
        deployments.reaches_to is not null
        {% if events %} or named.deployment_key is not null {% endif %}
    {% else %} true
    {% endif %} as is_holding,
    deployments.finished_at,
    {% if events %} greatest(deployments.reaches_to, named.merged_at)
    {% else %} deployments.reaches_to
    {% endif %} as merged_at,
    {% if failing %} failures.recovered_at
    {% else %} cast(null as timestamp)
    {% endif %} as recovered_at
from {{ ref("int_deployments") }} as deployments
{% if events %}
    left join named on named.deployment_key = deployments.deployment_key
{% endif %}
{% if failing %}
    left join
        {{ ref("int_failures") }} as failures
        on failures.deployment_key = deployments.deployment_key
{% endif %}
