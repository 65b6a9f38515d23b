{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
{# Frozen like the units. A person has one home team a block: that of its first day. #}
with
    blocks as (
        select distinct period_start
        from {{ ref("int_units") }}
        {% if is_incremental() %}
            where
                period_start
                not in (select frozen.period_start from {{ this }} as frozen)
        {% endif %}
    ),
    placed as (
        select
            blocks.period_start,
            members.person_key,
            case
                when units.unit_level = 'group'
                then units.unit_id || ':direct'
                else units.unit_id
            end as team_id,
            row_number() over (
                partition by blocks.period_start, members.person_key
                order by members.valid_from desc, members.unit_id
            ) as place
        from blocks
        join
            {{ ref("stg_roster__members") }} as members
            on members.valid_from <= blocks.period_start
            and (members.valid_to is null or members.valid_to > blocks.period_start)
        join
            {{ ref("int_units") }} as units
            on units.period_start = blocks.period_start
            and units.unit_id = members.unit_id
            and units.unit_level in ('team', 'group')
    )
select period_start, team_id, person_key
from placed
where place = 1
