{{
    config(
        enabled="events" in var("systems") or "deployments" in var("systems"),
        meta={"table_name": "team_dora"},
    )
}}
{{
    protect(
        "team_dora",
        count="deployments",
        sums=["deployments"],
        mart=ref("mart_dora"),
        percentiles={
            "change_lead_time_hours": {
                "column": "lead_seconds",
                "roles": ["author_key", "deployer_key"],
                "quantiles": [50, 75, 90],
            },
            "deploy_wait_hours": {
                "column": "wait_seconds",
                "roles": ["author_key", "deployer_key"],
                "quantiles": [50],
            },
            "recovery_time_hours": {
                "column": "recovery_seconds",
                "roles": ["deployer_key", "mender_key", "responder_key"],
                "quantiles": [50],
            },
        },
        rates={
            "change_fail_rate_pct": {
                "column": "is_failed",
                "roles": ["deployer_key"],
            },
            "deployment_rework_rate_pct": {
                "column": "is_rework",
                "roles": ["deployer_key"],
            },
            "change_linked_rate_pct": {
                "column": "is_linked",
                "roles": ["author_key"],
            },
            "failure_linked_rate_pct": {
                "column": "is_told",
                "roles": ["deployer_key"],
            },
        },
    )
}}
