{{ config(enabled="deployments" in var("systems")) }}
select
    deployment_key,
    service_key,
    repository_key,
    commit_key,

    deployer_key,

    told_by,
    environment,
    status,

    finished_at
from {{ source("deployments", "deployments_deployments") }}
