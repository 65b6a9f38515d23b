{{
    config(
        enabled="events" in var("systems")
        or ("deployments" in var("systems") and "jira" in var("systems"))
    )
}}
{% set both = "events" in var("systems") and "jira" in var("systems") %}
{% if "events" in var("systems") %}
    select incident_key, service_key, caused_by_key, opened_at, resolved_at
    from {{ ref("stg_events__incidents") }}
{% endif %}
{% if both %}
    union all
{% endif %}
{% if "jira" in var("systems") %}
    select
        incident_key,
        service_key,
        cast(null as {{ dbt.type_string() }}) as caused_by_key,
        opened_at,
        resolved_at
    from {{ ref("stg_jira__incidents") }}
{% endif %}
