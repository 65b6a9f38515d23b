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
            }
        },
    )
}}
