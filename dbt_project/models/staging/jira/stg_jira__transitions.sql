{{ config(enabled="jira" in var("systems")) }}
select
    transition_key,
    issue_key,
    field,
    from_category,
    to_category,
    from_class,
    to_class,
    is_mapped,
    from_assignee_key,
    to_assignee_key,
    {{ adapter.quote("at") }} as transitioned_at,
    issue_updated_at
from {{ source("jira", "jira_transitions") }}
