{{
    config(
        enabled="github" in var("systems") or "git" in var("systems"),
        meta={"table_name": "team_code_volume"},
    )
}}
with contributions as ({{ homed("team_code_volume") }})
select
    period_start,
    team_id,
    contribution_key,
    person_key as author_key,
    lines_added,
    lines_deleted
from contributions
