{{ config(enabled="jira" in var("systems"), meta={"table_name": "team_tasks"}) }}
{{
    protect(
        "team_tasks",
        count="tasks_completed",
        sums=["tasks_completed"],
        mart=ref("mart_tasks"),
        percentiles={
            "lead_time_hours_p50": {
                "column": "lead_seconds",
                "roles": ["assignee_key"],
                "quantile": 50,
            },
            "lead_time_hours_p75": {
                "column": "lead_seconds",
                "roles": ["assignee_key"],
                "quantile": 75,
            },
            "lead_time_hours_p90": {
                "column": "lead_seconds",
                "roles": ["assignee_key"],
                "quantile": 90,
            },
        },
    )
}}
