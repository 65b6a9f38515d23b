select as_of from {{ source("ops", "clock") }}
