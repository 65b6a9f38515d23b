{{ config(enabled="github" in var("systems"), meta={"table_name": "team_delivery"}) }}
{{
    protect(
        "team_delivery",
        count="changes_merged",
        sums=["changes_merged"],
        mart=ref("mart_delivery"),
        percentiles={
            "cycle_time_hours": {
                "column": "cycle_seconds",
                "roles": ["author_key", "reviewer_key"],
                "quantiles": [50, 75, 90],
            },
            "pickup_hours": {
                "column": "pickup_seconds",
                "roles": ["author_key", "reviewer_key"],
                "quantiles": [50],
            },
            "review_hours": {
                "column": "review_seconds",
                "roles": ["author_key", "reviewer_key"],
                "quantiles": [50],
            },
        },
        rates={
            "unreviewed_rate_pct": {
                "column": "is_unreviewed",
                "roles": ["author_key", "reviewer_key"],
            },
            "large_change_rate_pct": {"column": "is_large", "roles": ["author_key"]},
        },
        shares={"other_stages_share_pct": stages("team_delivery")},
    )
}}
