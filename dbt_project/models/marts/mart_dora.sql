{{
    config(
        enabled="events" in var("systems") or "deployments" in var("systems"),
        meta={"table_name": "team_dora"},
    )
}}
-- depends_on: {{ ref("int_periods") }}
select
    period_start,
    team_id,
    kind,
    event_key,
    case when kind = 'change' then person_key end as author_key,
    case when kind = 'change' then deployer_key else person_key end as deployer_key,
    mender_key,
    responder_key,
    lead_seconds,
    wait_seconds,
    is_linked,
    is_failed,
    is_rework,
    is_told,
    recovery_seconds
from {{ ref("int_dora") }}
