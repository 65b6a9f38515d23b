select table_name, period_start, release_id from {{ source("ops", "sealed") }}
