{{ config(enabled="github" in var("systems"), meta={"table_name": "team_review"}) }}
-- depends_on: {{ ref("mart_review") }}
{{
    protect(
        "team_review",
        count="reviews_given",
        sums=["reviews_given"],
        spreads={"review_load_spread": "reviews_given"},
    )
}}
