{{ config(enabled="github" in var("systems")) }}
select
    release_id,
    period_start,
    unit_id,
    unit_level,
    status,
    size_band,
    cycle_time_hours_p50
    {% for stage in stages("team_delivery") %}, {{ stage["column"] }} {% endfor %}
from {{ source("restated", "team_delivery") }}
