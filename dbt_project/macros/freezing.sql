{#
    CTEs of a model that is frozen by block: `fresh`, the periods that have begun and of whose block nothing is frozen yet, to be filled by the roster as it
    was on the block's first day (block_start); and, on later nights, `repeated`, the periods of blocks of which something is: they get what the block's
    first frozen period has (frozen_copies). A period that is frozen is never written again.
#}
{% macro freezing() %}
    {% if is_incremental() %}
        first_frozen as (
            select calendar.block_start, min(frozen.period_start) as frozen_start
            from {{ this }} as frozen
            join
                {{ ref("stg_ops__calendar") }} as calendar
                on calendar.period_start = frozen.period_start
            group by calendar.block_start
        ),
    {% endif %}
    begun as (
        select
            calendar.period_start,
            calendar.block_start,
            {% if is_incremental() %} first_frozen.frozen_start
            {% else %} cast(null as date) as frozen_start
            {% endif %}
        from {{ ref("stg_ops__calendar") }} as calendar
        cross join {{ ref("stg_ops__clock") }} as clock
        {% if is_incremental() %}
            left join first_frozen on first_frozen.block_start = calendar.block_start
        {% endif %}
        where
            calendar.period_start <= clock.as_of
            {% if is_incremental() %}
                and calendar.period_start
                not in (select frozen.period_start from {{ this }} as frozen)
            {% endif %}
    ),
    fresh as (select period_start, block_start from begun where frozen_start is null),
    repeated as (
        select period_start, frozen_start from begun where frozen_start is not null
    )
{% endmacro %}
