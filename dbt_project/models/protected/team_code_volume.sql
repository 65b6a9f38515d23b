{{
    config(
        enabled="github" in var("systems") or "git" in var("systems"),
        meta={"table_name": "team_code_volume"},
    )
}}
-- depends_on: {{ ref("mart_code_volume") }}
{{
    protect(
        "team_code_volume",
        count="lines_added",
        sums=["lines_added", "lines_deleted"],
        trends={"net_growth": ["lines_added", "lines_deleted"]},
    )
}}
