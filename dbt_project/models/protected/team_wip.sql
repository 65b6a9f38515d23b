{{
    config(
        enabled="github" in var("systems") or "jira" in var("systems"),
        meta={"table_name": "team_wip"},
    )
}}
{{
    protect(
        "team_wip",
        count="open_items",
        sums=["open_items"],
        mart=ref("mart_wip"),
        percentiles={
            "open_age_hours": {
                "column": "age_seconds",
                "roles": ["holder_key"],
                "quantiles": [50, 75],
            },
        },
        rates={
            "open_task_rate_pct": {"column": "is_task", "roles": ["holder_key"]},
            "idle_rate_pct": {"column": "is_idle", "roles": ["holder_key"]},
        },
    )
}}
