{{ config(enabled="github" in var("systems")) }}
{# What was passed over, and is older than what was released, readers never see. #}
select
    sealed.period_start,
    case when reissued.period_start is null then false else true end as is_reissued
from {{ ref("stg_ops__sealed") }} as sealed
left join
    (select distinct period_start from {{ ref("int_reissued") }}) as reissued
    on reissued.period_start = sealed.period_start
where sealed.table_name = 'team_delivery'
union all
select period_start, false as is_reissued
from {{ ref("int_periods") }}
where table_name = 'team_delivery'
