{{ config(enabled="events" in var("systems")) }}
select
    deployment_key,
    service_key,
    repository_key,
    commit_key,
    fixes_key,

    deployer_key,

    environment,
    status,

    started_at,
    finished_at
from {{ source("events", "events_deployments") }}
