{{ config(enabled="actions" in var("systems"), meta={"table_name": "team_ci"}) }}
with runs as ({{ homed("team_ci") }})
select
    runs.period_start,
    runs.team_id,
    runs.run_key,
    runs.person_key as starter_key,
    {{ person_of("runs.rerunner_key", "rerunners") }} as rerunner_key,
    {{ person_of("recoveries.breaker_key", "breakers") }} as breaker_key,
    runs.is_success,
    runs.is_rerun,
    runs.queue_seconds,
    runs.duration_seconds,
    recoveries.green_seconds
from runs
left join
    {{ ref("int_recoveries") }} as recoveries
    on recoveries.run_key = runs.run_key
    and recoveries.recovery = 1
left join
    {{ ref("int_accounts") }} as rerunners
    on rerunners.period_start = runs.period_start
    and rerunners.account_key = runs.rerunner_key
left join
    {{ ref("int_accounts") }} as breakers
    on breakers.period_start = runs.period_start
    and breakers.account_key = recoveries.breaker_key
