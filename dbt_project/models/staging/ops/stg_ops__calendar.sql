select period_start, period_end, iso_year, block_start, starts_at, ends_at
from {{ source("ops", "calendar") }}
