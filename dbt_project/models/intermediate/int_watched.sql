select
    least(
        clock.as_of - interval 84 day,
        coalesce((select min(starts_at) from {{ ref("int_periods") }}), clock.as_of)
    ) as since,
    clock.as_of + interval 1 day as until,
    clock.as_of - interval 30 day as overdue_before,
    clock.as_of - interval 10957 day as forgotten_before
from {{ ref("stg_ops__clock") }} as clock
