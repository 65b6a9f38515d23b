{{ config(enabled="jira" in var("systems")) }}
select
    issue_key,

    assignee_key,
    assignee_is_bot,

    issue_type,
    status_category,
    status_class,
    resolution,
    is_unplanned,

    created_at,
    resolved_at,
    updated_at
from {{ source("jira", "jira_issues") }}
