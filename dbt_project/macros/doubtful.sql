{#
    What is doubtful in single records: the system that is read, the raw table, the relation of int_doubts that is looked through, and each
    doubt with its condition. What it means and what to do about it stands in orchestration/doubts.py.
#}
{% macro doubtful() %}
    {% set known = [
        {
            "system": "github",
            "stream": "github_changes",
            "relation": "timed_changes",
            "doubts": {
                "merged_before_opened": "merged_at < created_at",
                "commits_after_merge": "merged_at < started_at",
                "commits_long_before": "started_at <= created_at - interval 90 day",
                "reviewed_before_ready": "first_reviewed_at < ready_at",
            },
        },
        {
            "system": "jira",
            "stream": "jira_issues",
            "relation": "finished_tasks",
            "doubts": {
                "finished_before_created": "finished_at < created_at",
                "finished_before_started": "finished_at < started_at",
            },
        },
        {
            "system": "jira",
            "stream": "jira_issues",
            "relation": "moved_tasks",
            "doubts": {
                "status_without_class": "coalesce(status_category, 'undefined') = 'undefined'",
            },
        },
        {
            "system": "events",
            "stream": "events_deployments",
            "relation": "held_deployments",
            "doubts": {
                "holds_no_change": "told_by = 'events' and not is_holding",
                "deployed_before_merged": "told_by = 'events' and finished_at < merged_at",
                "recovered_before_deployed": "told_by = 'events' and recovered_at < finished_at",
            },
        },
        {
            "system": "deployments",
            "stream": "deployments_deployments",
            "relation": "held_deployments",
            "doubts": {
                "holds_no_change": "told_by = 'deployments' and not is_holding",
                "deployed_before_merged": "told_by = 'deployments' and finished_at < merged_at",
            },
        },
        {
            "system": "events",
            "stream": "events_incidents",
            "relation": "known_incidents",
            "doubts": {
                "service_never_deployed": "not is_deployed",
                "cause_unknown": "not is_cause_known",
                "resolved_before_opened": "resolved_at < opened_at",
                "open_for_long": "resolved_at is null and opened_at < overdue_before",
            },
        },
        {
            "system": "actions",
            "stream": "actions_runs",
            "relation": "ended_runs",
            "doubts": {
                "ended_before_started": "completed_at < coalesce(started_at, created_at)",
            },
        },
    ] %}
    {% if "events" in var("systems") or "jira" in var("systems") %}
        {% for one in known if one["stream"] == "deployments_deployments" %}
            {% do one["doubts"].update(
                {
                    "recovered_before_deployed": "told_by = 'deployments' and recovered_at < finished_at"
                }
            ) %}
        {% endfor %}
    {% endif %}
    {{ return(known | selectattr("system", "in", var("systems")) | list) }}
{% endmacro %}
