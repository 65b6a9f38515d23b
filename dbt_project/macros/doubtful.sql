{#
    What is doubtful in single records: the systems that tell of them, and those of which one is needed beside; the raw table, or the model in
    which several meet; the relation of int_doubts that is looked through, and each doubt with its condition. What it means and what to do
    about it stands in orchestration/doubts.py.
#}
{% macro doubtful() %}
    {% set known = [
        {
            "systems": ["github"],
            "stream": "github_changes",
            "relation": "timed_changes",
            "doubts": {
                "merged_before_opened": "merged_at < created_at",
                "commits_after_merge": "merged_at < started_at",
                "commits_long_before": "started_at <= created_at - interval 90 day",
                "reviewed_before_ready": "first_reviewed_at < ready_at",
                "size_unknown": "changed_lines is null",
            },
        },
        {
            "systems": ["jira"],
            "stream": "jira_issues",
            "relation": "finished_tasks",
            "doubts": {
                "finished_before_created": "finished_at < created_at",
                "finished_before_started": "finished_at < started_at",
            },
        },
        {
            "systems": ["jira"],
            "stream": "int_spent",
            "relation": "spent_tasks",
            "doubts": {
                "moves_contradict": "not is_whole",
            },
        },
        {
            "systems": ["jira"],
            "stream": "jira_issues",
            "relation": "moved_tasks",
            "doubts": {
                "status_without_class": "coalesce(status_category, 'undefined') = 'undefined'",
            },
        },
        {
            "systems": ["jira"],
            "stream": "jira_transitions",
            "relation": "moves",
            "doubts": {
                "moved_without_class": "not is_mapped",
            },
        },
        {
            "systems": ["events", "deployments"],
            "needs": ["github"],
            "stream": "int_deployments",
            "relation": "held_deployments",
            "doubts": {
                "holds_no_change": "not is_holding",
                "deployed_before_merged": "finished_at < merged_at",
            },
        },
        {
            "systems": ["events", "deployments"],
            "needs": ["github"],
            "stream": "int_held_changes",
            "relation": "shipped_changes",
            "doubts": {
                "before_first_deployment": "deployment_key is null and is_baseline",
                "not_deployed": "deployment_key is null and not is_baseline",
            },
        },
        {
            "systems": ["events", "deployments"],
            "needs": ["events", "jira"],
            "stream": "int_failures",
            "relation": "mended",
            "doubts": {
                "recovered_before_deployed": "recovered_at < finished_at",
            },
        },
        {
            "systems": ["events", "deployments"],
            "needs": ["events", "jira"],
            "stream": "int_incidents",
            "relation": "known_incidents",
            "doubts": {
                "service_never_deployed": "not is_deployed",
                "blamed_on_nothing": "is_deployed and not is_blamed",
                "cause_unknown": "not is_cause_known",
                "resolved_before_opened": "resolved_at < opened_at",
                "open_for_long": "resolved_at is null and opened_at < overdue_before",
            },
        },
        {
            "systems": ["actions"],
            "stream": "actions_runs",
            "relation": "ended_runs",
            "doubts": {
                "ended_before_started": "is_counted and completed_at < coalesce(started_at, created_at)",
                "begun_before_created": "is_counted and queue_seconds < 0",
                "given_up": "is_given_up",
            },
        },
    ] %}
    {% set present = [] %}
    {% for one in known if one["systems"] | select("in", var("systems")) | list %}
        {% if one.get("needs", var("systems")) | select("in", var("systems")) | list %}
            {% do present.append(one) %}
        {% endif %}
    {% endfor %}
    {{ return(present) }}
{% endmacro %}
