select person_key, unit_id, valid_from, valid_to
from {{ source("roster", "roster_members") }}
