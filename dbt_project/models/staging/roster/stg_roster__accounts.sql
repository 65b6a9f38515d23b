select account_key, person_key from {{ source("roster", "roster_accounts") }}
