{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
{# A person has one home team a block: that of its first day. #}
with
    {{ freezing() }},
    placed as (
        select
            fresh.period_start,
            members.person_key,
            case
                when units.unit_level = 'group'
                then units.unit_id || ':direct'
                else units.unit_id
            end as team_id,
            row_number() over (
                partition by fresh.period_start, members.person_key
                order by members.valid_from desc, members.unit_id
            ) as place
        from fresh
        join
            {{ ref("stg_roster__members") }} as members
            on members.valid_from <= fresh.block_start
            and (members.valid_to is null or members.valid_to > fresh.block_start)
        join
            {{ ref("int_units") }} as units
            on units.period_start = fresh.period_start
            and units.unit_id = members.unit_id
            and units.unit_level in ('team', 'group')
    )
select period_start, team_id, person_key
from placed
where place = 1 {{ frozen_copies(["team_id", "person_key"]) }}
