{{
    config(
        materialized="incremental",
        incremental_strategy="append",
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
{# Frozen: clips and bases of a year are made once, from the year before, when its first period is a candidate. #}
{% set policy = var("policy") %}
{% set quantile = thousandths(policy["clip_quantile"]) %}
with
    years as (select distinct table_name, iso_year from {{ ref("int_periods") }}),
    amounts as (
        select
            years.table_name,
            ledger.quantity,
            years.iso_year,
            ledger.value,
            row_number() over (
                partition by years.table_name, ledger.quantity, years.iso_year
                order by ledger.value
            ) as place,
            count(*) over (
                partition by years.table_name, ledger.quantity, years.iso_year
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
        select table_name, quantity, iso_year, value
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
            iso_year,
            {{ snap_up("value", ladder(0, 8), "double") }} as clip,
            {{ snap_up("value", rounding_bases(), "bigint") }} as base
        from quantiles
    )
select
    snapped.table_name, snapped.quantity, snapped.iso_year, snapped.clip, snapped.base
from snapped
{% if is_incremental() %}
    left join
        {{ this }} as frozen
        on frozen.table_name = snapped.table_name
        and frozen.quantity = snapped.quantity
        and frozen.iso_year = snapped.iso_year
{% endif %}
where
    snapped.clip is not null and snapped.base is not null
    {% if is_incremental() %} and frozen.table_name is null {% endif %}
