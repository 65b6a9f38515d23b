{{ config(enabled="github" in var("systems")) }}
select
    restated.period_start,
    restated.unit_id,
    restated.unit_level,
    restated.status,
    restated.size_band,
    restated.cycle_time_hours_p50
    {% for stage in stages("team_delivery") %}
        , restated.{{ stage["column"] }}
    {% endfor %}
from {{ ref("stg_restated__team_delivery") }} as restated
join
    {{ ref("stg_ops__sealed") }} as sealed
    on sealed.table_name = 'team_delivery'
    and sealed.period_start = restated.period_start
    and sealed.release_id = restated.release_id
