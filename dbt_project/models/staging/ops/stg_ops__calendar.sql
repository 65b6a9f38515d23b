select period_start, period_end, iso_year, block, block_start
from {{ source("ops", "calendar") }}
