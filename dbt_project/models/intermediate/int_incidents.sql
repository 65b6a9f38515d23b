{{
    config(
        enabled="events" in var("systems")
        or ("deployments" in var("systems") and "jira" in var("systems"))
    )
}}
{% set jira = "jira" in var("systems") %}
{# Files of events do not say who answered. #}
{% if jira %}
    with
        resolved as (
            select distinct incident_key as task_key, resolved_at
            from {{ ref("stg_jira__incidents") }}
            where resolved_at is not null
        ),
        handovers as (
            {{
                value_then(
                    "resolved",
                    "resolved_at",
                    ref("int_touched_transitions"),
                    "assignee",
                    "from_assignee_key",
                    "to_assignee_key",
                )
            }}
        )
{% endif %}
{% if "events" in var("systems") %}
    select
        incident_key,
        service_key,
        caused_by_key,
        cast(null as {{ dbt.type_string() }}) as responder_key,
        opened_at,
        resolved_at
    from {{ ref("stg_events__incidents") }}
    {% if jira %}
        union all
    {% endif %}
{% endif %}
{% if jira %}
    select
        incidents.incident_key,
        incidents.service_key,
        cast(null as {{ dbt.type_string() }}) as caused_by_key,
        case
            when handovers.task_key is not null
            then handovers.value
            when not coalesce(issues.assignee_is_bot, false)
            then issues.assignee_key
        end as responder_key,
        incidents.opened_at,
        incidents.resolved_at
    from {{ ref("stg_jira__incidents") }} as incidents
    left join
        {{ ref("stg_jira__issues") }} as issues
        on issues.issue_key = incidents.incident_key
    left join handovers on handovers.task_key = incidents.incident_key
{% endif %}
