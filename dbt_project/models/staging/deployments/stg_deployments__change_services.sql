{{ config(enabled="deployments" in var("systems")) }}
select change_key, service_key
from {{ source("deployments", "deployments_change_services") }}
