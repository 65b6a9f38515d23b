{{ config(enabled="events" in var("systems")) }}
select deployment_key, change_key
from {{ source("events", "events_deployed_changes") }}
