{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
{# Frozen: a block that is there is never written again, whatever the roster says later. #}
with
    blocks as (
        select calendar.period_start
        from {{ ref("stg_ops__calendar") }} as calendar
        cross join {{ ref("stg_ops__clock") }} as clock
        where
            calendar.period_start <= clock.as_of
            {% if is_incremental() %}
                and calendar.period_start
                not in (select frozen.period_start from {{ this }} as frozen)
            {% endif %}
    ),
    in_force as (
        select
            blocks.period_start,
            units.unit_id,
            units.parent_id,
            units.unit_level,
            units.unit_name
        from blocks
        join
            {{ ref("stg_roster__units") }} as units
            on units.valid_from <= blocks.period_start
            and (units.valid_to is null or units.valid_to > blocks.period_start)
    ),
    direct as (
        select distinct
            groups.period_start,
            groups.unit_id || ':direct' as unit_id,
            groups.unit_id as parent_id,
            'team' as unit_level,
            groups.unit_name || ': direct' as unit_name
        from in_force as groups
        join
            {{ ref("stg_roster__members") }} as members
            on members.unit_id = groups.unit_id
            and members.valid_from <= groups.period_start
            and (members.valid_to is null or members.valid_to > groups.period_start)
        where groups.unit_level = 'group'
    )
select period_start, unit_id, parent_id, unit_level, unit_name
from in_force
union all
select period_start, unit_id, parent_id, unit_level, unit_name
from direct
