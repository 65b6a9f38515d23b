{{ config(enabled="jira" in var("systems")) }}
select issue_key as incident_key, service_key, opened_at, resolved_at
from {{ source("jira", "jira_incidents") }}
