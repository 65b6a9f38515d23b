{#
    The records that have times: the system, the raw table and its staging model, and, where it is somebody's work, whose (an account), whether
    a machine's, and when it would count.
#}
{% macro works() %}
    {% set known = [
        {
            "system": "github",
            "stream": "github_changes",
            "model": "stg_github__changes",
            "account": "author_key",
            "is_machine": "coalesce(author_is_bot, false)",
            "worked_at": "merged_at",
            "times": ["created_at", "ready_at", "merged_at", "closed_at"],
        },
        {
            "system": "github",
            "stream": "github_reviews",
            "model": "stg_github__reviews",
            "account": "reviewer_key",
            "is_machine": "coalesce(reviewer_is_bot, false)",
            "worked_at": "submitted_at",
            "times": ["submitted_at"],
        },
        {
            "system": "github",
            "stream": "github_commits",
            "model": "stg_github__commits",
            "times": ["authored_at", "committed_at"],
        },
        {
            "system": "git",
            "stream": "git_commits",
            "model": "stg_git__commits",
            "account": "author_key",
            "is_machine": "coalesce(author_is_bot, false)",
            "worked_at": "committed_at",
            "times": ["authored_at", "committed_at"],
        },
        {
            "system": "jira",
            "stream": "jira_issues",
            "model": "stg_jira__issues",
            "account": "assignee_key",
            "is_machine": "coalesce(assignee_is_bot, false)",
            "worked_at": "case when status_category = 'done' then resolved_at end",
            "times": ["created_at", "resolved_at"],
        },
        {
            "system": "events",
            "stream": "events_deployments",
            "model": "stg_events__deployments",
            "account": "deployer_key",
            "is_machine": "deployer_key is null",
            "worked_at": "finished_at",
            "times": ["started_at", "finished_at"],
        },
        {
            "system": "deployments",
            "stream": "deployments_deployments",
            "model": "stg_deployments__deployments",
            "account": "deployer_key",
            "is_machine": "deployer_key is null",
            "worked_at": "finished_at",
            "times": ["finished_at"],
        },
        {
            "system": "events",
            "stream": "events_incidents",
            "model": "stg_events__incidents",
            "times": ["opened_at", "resolved_at"],
        },
        {
            "system": "actions",
            "stream": "actions_runs",
            "model": "stg_actions__runs",
            "account": "starter_key",
            "is_machine": "coalesce(starter_is_bot, false)",
            "worked_at": "completed_at",
            "times": ["created_at", "started_at", "completed_at"],
        },
    ] %}
    {{ return(known | selectattr("system", "in", var("systems")) | list) }}
{% endmacro %}
