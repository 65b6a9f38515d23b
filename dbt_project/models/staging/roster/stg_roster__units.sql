select unit_id, parent_id, unit_level, unit_name, valid_from, valid_to
from {{ source("roster", "roster_units") }}
