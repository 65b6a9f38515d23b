select system, stream, read_through from {{ source("ops", "reads") }}
