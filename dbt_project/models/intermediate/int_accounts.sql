{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
{# Whose account it was when the block began to count. #}
with {{ freezing() }}
select fresh.period_start, accounts.account_key, min(accounts.person_key) as person_key
from fresh
cross join {{ ref("stg_roster__accounts") }} as accounts
group by
    fresh.period_start,
    accounts.account_key
    {{ frozen_copies(["account_key", "person_key"]) }}
