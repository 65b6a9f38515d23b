{{
    config(
        enabled="github" in var("systems"), meta={"table_name": "team_bottlenecks"}
    )
}}
{# From published values alone, as expectations/bottlenecks.py finds it, in whole numbers: `risen` is the rise of the mean share times both
   counts, `hours` the share times thousandths of an hour of a typical change. #}
{% set recent, earlier = 3, 13 %}
with
    asked as (
        select period_start, period_end
        from {{ ref("int_periods") }}
        where table_name = 'team_bottlenecks'
    ),
    shown as (
        select
            delivery.period_start,
            delivery.unit_id,
            delivery.unit_level,
            delivery.status,
            delivery.size_band,
            delivery.cycle_time_hours_p50
            {% for stage in stages("team_delivery") %}
                , delivery.{{ stage["column"] }}
            {% endfor %}
        from {{ ref("team_delivery") }} as delivery
        join
            {{ ref("int_shown") }} as periods
            on periods.period_start = delivery.period_start
            and not periods.is_reissued
        union all
        select
            period_start,
            unit_id,
            unit_level,
            status,
            size_band,
            cycle_time_hours_p50
            {% for stage in stages("team_delivery") %}
                , {{ stage["column"] }}
            {% endfor %}
        from {{ ref("int_reissued") }}
    ),
    places as (
        select period_start, row_number() over (order by period_start) as place
        from (select distinct period_start from shown) as starts
    ),
    shares as (
        {% for stage in stages("team_delivery") %}
            select
                places.place,
                shown.unit_id,
                '{{ stage["column"].removesuffix("_share_pct") }}' as stage,
                cast(shown.{{ stage["column"] }} as bigint) as share_pct,
                shown.{{ stage["column"] }}
                * cast(round(1000 * shown.cycle_time_hours_p50) as bigint) as hours
            from shown
            join places on places.period_start = shown.period_start
            where
                shown.{{ stage["column"] }} is not null
                and shown.cycle_time_hours_p50 is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),
    ends as (
        select asked.period_start, places.place, 0 as ago
        from asked
        join places on places.period_start = asked.period_start
        union all
        select asked.period_start, places.place - 1 as place, 1 as ago
        from asked
        join places on places.period_start = asked.period_start
    ),
    placed as (
        select
            ends.period_start,
            ends.ago,
            shares.unit_id,
            shares.stage,
            shares.share_pct,
            shares.hours,
            case when shares.place = ends.place then 1 else 0 end as is_last,
            case
                when shares.place > ends.place - {{ recent }} then 1 else 0
            end as is_recent
        from ends
        join
            shares
            on shares.place <= ends.place
            and shares.place > ends.place - {{ recent + earlier }}
    ),
    sums as (
        select
            period_start,
            ago,
            unit_id,
            stage,
            {{ total("is_last") }} as last_count,
            {{ total("is_recent") }} as recent_count,
            {{ total("is_recent * share_pct") }} as recent_sum,
            {{ total("1 - is_recent") }} as usual_count,
            {{ total("(1 - is_recent) * share_pct") }} as usual_sum,
            {{ total("is_recent * hours") }} as recent_hours,
            {{ total("(1 - is_recent) * hours") }} as usual_hours
        from placed
        group by period_start, ago, unit_id, stage
    ),
    rises as (
        select *, usual_count * recent_sum - recent_count * usual_sum as risen
        from sums
        where last_count = 1 and recent_count >= 2 and usual_count >= 6
    ),
    weighed as (
        select
            *,
            case
                when
                    risen >= 3 * recent_count * usual_count
                    and 2 * recent_hours * usual_count >= 3 * usual_hours * recent_count
                then 1
                else 0
            end as is_clear,
            cast(risen as double) / cast(recent_count * usual_count as double) as points
        from rises
    ),
    stayed as (
        select
            *,
            min(is_clear) over (
                partition by period_start, unit_id, stage
            ) as is_clear_twice,
            count(*) over (partition by period_start, unit_id, stage) as times
        from weighed
    ),
    ranked as (
        select
            *,
            row_number() over (
                partition by period_start, unit_id
                order by is_clear_twice desc, points desc, stage desc
            ) as nr
        from stayed
        where ago = 0 and times = 2
    )
select
    shown.period_start,
    asked.period_end,
    shown.unit_id,
    shown.unit_level,
    shown.status,
    shown.size_band,
    case
        ranked.is_clear_twice when 1 then ranked.stage when 0 then 'none'
    end as bottleneck,
    {% for mean in ["recent", "usual"] %}
        {% set halved = integer_division(
            "2 * ranked." ~ mean ~ "_sum + ranked." ~ mean ~ "_count",
            "2 * ranked." ~ mean ~ "_count",
        ) %}
        cast(
            case when ranked.is_clear_twice = 1 then {{ halved }} end as smallint
        ) as {{ {"recent": "bottleneck", "usual": "usual"}[mean] }}_share_pct
        {% if not loop.last %}, {% endif %}
    {% endfor %}
from shown
join asked on asked.period_start = shown.period_start
left join
    ranked
    on ranked.period_start = shown.period_start
    and ranked.unit_id = shown.unit_id
    and ranked.nr = 1
