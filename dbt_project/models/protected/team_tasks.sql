{{ config(enabled="jira" in var("systems"), meta={"table_name": "team_tasks"}) }}
{{
    protect(
        "team_tasks",
        count="tasks_completed",
        sums=["tasks_completed"],
        mart=ref("mart_tasks"),
        percentiles={
            "lead_time_hours": {
                "column": "lead_seconds",
                "roles": ["assignee_key"],
                "quantiles": [50, 75, 90],
            },
            "task_cycle_time_hours": {
                "column": "cycle_seconds",
                "roles": ["assignee_key"],
                "quantiles": [50, 75, 90],
            },
        },
        rates={
            "bug_rate_pct": {"column": "is_bug", "roles": ["assignee_key"]},
            "reopened_rate_pct": {"column": "is_reopened", "roles": ["assignee_key"]},
            "unplanned_rate_pct": {
                "column": "is_unplanned",
                "roles": ["assignee_key"],
            },
        },
        shares={"other_statuses_share_pct": stages("team_tasks")},
    )
}}
