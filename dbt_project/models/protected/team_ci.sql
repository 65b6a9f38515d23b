{{ config(enabled="actions" in var("systems"), meta={"table_name": "team_ci"}) }}
{{
    protect(
        "team_ci",
        count="runs_completed",
        sums=["runs_completed"],
        mart=ref("mart_ci"),
        percentiles={
            "run_duration_hours": {
                "column": "duration_seconds",
                "roles": ["starter_key"],
                "quantiles": [50, 75, 90],
            },
            "queue_minutes": {
                "column": "queue_seconds",
                "roles": ["starter_key"],
                "quantiles": [50, 75, 90],
            },
            "time_to_green_hours": {
                "column": "green_seconds",
                "roles": ["starter_key", "breaker_key"],
                "quantiles": [50],
            },
        },
        rates={
            "success_rate_pct": {"column": "is_success", "roles": ["starter_key"]},
            "rerun_rate_pct": {
                "column": "is_rerun",
                "roles": ["starter_key", "rerunner_key"],
            },
        },
    )
}}
