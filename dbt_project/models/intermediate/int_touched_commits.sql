{{ config(enabled="github" in var("systems")) }}
{{
    touched(
        ref("stg_github__commits"),
        "change_updated_at",
        ["change_key", "authored_at", "committed_at"],
    )
}}
