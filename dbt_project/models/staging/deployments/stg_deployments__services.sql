{{ config(enabled="deployments" in var("systems")) }}
select repository_key, service_key, is_whole, told_by
from {{ source("deployments", "deployments_services") }}
