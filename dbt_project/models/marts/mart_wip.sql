{{
    config(
        enabled="github" in var("systems") or "jira" in var("systems"),
        meta={"table_name": "team_wip"},
    )
}}
-- depends_on: {{ ref("int_periods") }}
select
    period_start,
    team_id,
    item_key,
    person_key as holder_key,
    is_task,
    age_seconds,
    is_idle
from {{ ref("int_open_items") }}
