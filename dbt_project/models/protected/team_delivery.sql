{{ config(enabled="github" in var("systems"), meta={"table_name": "team_delivery"}) }}
{{
    protect(
        "team_delivery",
        count="changes_merged",
        sums=["changes_merged"],
        mart=ref("mart_delivery"),
        medians={
            "cycle_time_hours_p50": {
                "column": "cycle_seconds",
                "roles": ["author_key", "reviewer_key"],
            }
        },
        rates={
            "unreviewed_rate_pct": {
                "column": "is_unreviewed",
                "roles": ["author_key", "reviewer_key"],
            }
        },
    )
}}
