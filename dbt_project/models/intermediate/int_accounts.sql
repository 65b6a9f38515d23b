{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
{# Frozen like the units: whose account it was when the block began to count. #}
with
    blocks as (
        select distinct period_start
        from {{ ref("int_units") }}
        {% if is_incremental() %}
            where
                period_start
                not in (select frozen.period_start from {{ this }} as frozen)
        {% endif %}
    )
select blocks.period_start, accounts.account_key, min(accounts.person_key) as person_key
from blocks
cross join {{ ref("stg_roster__accounts") }} as accounts
group by blocks.period_start, accounts.account_key
