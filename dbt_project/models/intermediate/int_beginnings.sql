{{ config(enabled="github" in var("systems") or "jira" in var("systems")) }}
{% if "github" in var("systems") %}
    select ready_at as began_at from {{ ref("stg_github__changes") }}
{% endif %}
{% if "github" in var("systems") and "jira" in var("systems") %}
    union all
{% endif %}
{% if "jira" in var("systems") %}
    select created_at as began_at from {{ ref("stg_jira__issues") }}
{% endif %}
