select table_name, period_start from {{ source("ops", "sealed") }}
