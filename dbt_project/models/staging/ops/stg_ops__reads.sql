select system, read_through from {{ source("ops", "reads") }}
