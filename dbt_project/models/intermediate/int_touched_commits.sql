{{ config(enabled="github" in var("systems")) }}
{{
    touched(
        ref("stg_github__commits"),
        "change_updated_at",
        ["change_key", "author_is_bot", "authored_at", "committed_at"],
    )
}}
