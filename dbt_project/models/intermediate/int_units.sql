{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["period_start"],
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
-- depends_on: {{ ref("stg_ops__sealed") }}
{# Which units a block has, and where they hang, is never written again, whatever the roster says later. A name is a label: until a period
   is sealed it follows the roster, so that a name which the gate refuses can be mended. #}
with
    {{ freezing() }},
    {% if is_incremental() %}
        names as (
            select
                unit_id,
                unit_name,
                row_number() over (partition by unit_id order by valid_from desc) as age
            from {{ ref("stg_roster__units") }}
        ),
        open_periods as (
            select
                frozen.period_start,
                frozen.unit_id,
                frozen.parent_id,
                frozen.unit_level,
                case
                    when names.unit_name is not null
                    then names.unit_name
                    when groups.unit_name is not null
                    then groups.unit_name || ': direct'
                    else frozen.unit_name
                end as unit_name
            from {{ this }} as frozen
            left join names on names.unit_id = frozen.unit_id and names.age = 1
            left join
                names as groups
                on groups.unit_id || ':direct' = frozen.unit_id
                and groups.age = 1
            where
                frozen.period_start not in (
                    select sealed.period_start
                    from {{ ref("stg_ops__sealed") }} as sealed
                )
        ),
    {% endif %}
    in_force as (
        select
            fresh.period_start,
            fresh.block_start,
            units.unit_id,
            units.parent_id,
            units.unit_level,
            units.unit_name
        from fresh
        join
            {{ ref("stg_roster__units") }} as units
            on units.valid_from <= fresh.block_start
            and (units.valid_to is null or units.valid_to > fresh.block_start)
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
            and members.valid_from <= groups.block_start
            and (members.valid_to is null or members.valid_to > groups.block_start)
        where groups.unit_level = 'group'
    )
select period_start, unit_id, parent_id, unit_level, unit_name
from in_force
union all
select period_start, unit_id, parent_id, unit_level, unit_name
from direct {{ frozen_copies(["unit_id", "parent_id", "unit_level", "unit_name"]) }}
{% if is_incremental() %}
    union all
    select period_start, unit_id, parent_id, unit_level, unit_name
    from open_periods
{% endif %}
