{{ config(enabled="events" in var("systems")) }}
select incident_key, service_key, caused_by_key, opened_at, resolved_at
from {{ source("events", "events_incidents") }}
