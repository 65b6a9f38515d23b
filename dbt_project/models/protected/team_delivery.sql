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
                "roles": ["author_key", "reviewer_key", "merger_key"],
                "quantiles": [50, 75, 90],
            },
            "change_size_lines": {
                "column": "changed_lines",
                "roles": ["author_key"],
                "quantiles": [50, 90],
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
            "self_merged_rate_pct": {
                "column": "is_self_merged",
                "roles": ["author_key", "merger_key"],
            },
            "another_round_rate_pct": {
                "column": "is_another_round",
                "roles": ["author_key", "reviewer_key", "asker_key"],
            },
            "revert_rate_pct": {
                "column": "is_revert",
                "roles": ["author_key", "reverted_key"],
            },
            "large_change_rate_pct": {"column": "is_large", "roles": ["author_key"]},
        },
        shares={"other_stages_share_pct": stages("team_delivery")},
    )
}}
