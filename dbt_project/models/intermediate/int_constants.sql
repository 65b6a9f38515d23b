{{
    config(
        materialized="incremental",
        incremental_strategy="delete+insert",
        unique_key=["table_name", "iso_year"],
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
{# Clips and bases of a year, from the year before; frozen as soon as a period of the year is sealed. #}
{% set policy = var("policy") %}
{% set quantile = thousandths(policy["clip_quantile"]) %}
with
    frozen as (
        select distinct sealed.table_name, calendar.iso_year
        from {{ ref("stg_ops__sealed") }} as sealed
        join
            {{ ref("stg_ops__calendar") }} as calendar
            on calendar.period_start = sealed.period_start
    ),
    years as (
        select distinct periods.table_name, periods.iso_year
        from {{ ref("int_periods") }} as periods
        left join
            frozen
            on frozen.table_name = periods.table_name
            and frozen.iso_year = periods.iso_year
        where frozen.table_name is null
    ),
    amounts as (
        select
            years.table_name,
            ledger.quantity,
            ledger.role,
            years.iso_year,
            ledger.value,
            row_number() over (
                partition by
                    years.table_name, ledger.quantity, ledger.role, years.iso_year
                order by ledger.value
            ) as place,
            count(*) over (
                partition by
                    years.table_name, ledger.quantity, ledger.role, years.iso_year
            ) as amount_count
        from years
        join
            {{ ref("stg_ops__calendar") }} as calendar
            on calendar.iso_year = years.iso_year - 1
        join
            {{ ref("int_ledger") }} as ledger
            on ledger.table_name = years.table_name
            and ledger.period_start = calendar.period_start
        where ledger.value > 0
    ),
    quantiles as (
        select table_name, quantity, role, iso_year, value
        from amounts
        where
            amount_count >= {{ policy["clip_person_periods"] }}
            and place * 1000 >= {{ quantile }} * amount_count
            and (place - 1) * 1000 < {{ quantile }} * amount_count
    ),
    snapped as (
        select
            table_name,
            quantity,
            role,
            iso_year,
            {{ snap_up("value", ladder(0, 8), "double") }} as clip,
            {{ snap_up("value", rounding_bases(), "bigint") }} as base
        from quantiles
    )
select table_name, quantity, role, iso_year, clip, base
from snapped
where clip is not null and base is not null
