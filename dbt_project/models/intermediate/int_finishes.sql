{{ config(enabled="jira" in var("systems")) }}
select transitioned_at as finished_at
from {{ ref("stg_jira__transitions") }}
where field = 'status' and to_category = 'done'
union all
select resolved_at as finished_at
from {{ ref("stg_jira__issues") }}
where resolved_at is not null
