{{ config(enabled="github" in var("systems"), meta={"table_name": "team_review"}) }}
{{
    protect(
        "team_review",
        count="reviews_given",
        sums=["reviews_given"],
        mart=ref("mart_review"),
        percentiles={
            "first_review_hours": {
                "column": "first_review_seconds",
                "roles": ["reviewer_key", "author_key"],
                "quantiles": [50, 75],
            },
        },
        rates={
            "commented_review_rate_pct": {
                "column": "is_commented",
                "roles": ["reviewer_key", "author_key"],
            },
        },
        spreads={"review_load_spread": "reviews_given"},
    )
}}
