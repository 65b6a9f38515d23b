select period_start, period_end, iso_year, block from {{ source("ops", "calendar") }}
