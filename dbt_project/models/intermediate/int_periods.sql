{{ config(materialized="table") }}
{# A period before a sealed one never becomes a candidate, however old the history that is found later: clips are made of the year before
   and frozen, and the gate would find others. #}
{% set days = var("policy")["settle_days"] %}
with
    needs as (
        {% for table_name, basis in bases().items() %}
            {% set tables = loop %}
            {% for system in basis["systems"] %}
                select '{{ table_name }}' as table_name, '{{ system }}' as system
                {% if not (loop.last and tables.last) %}
                    union all
                {% endif %}
            {% endfor %}
        {% endfor %}
    ),
    first_seen as (
        {% for table_name, basis in bases().items() %}
            {% set relation, at = basis["observed"] %}
            select '{{ table_name }}' as table_name, min({{ at }}) as first_at
            from {{ ref(relation) }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),
    reads as (
        select
            system,
            case
                when count(*) = count(read_through) then min(read_through)
            end as read_through
        from {{ ref("stg_ops__reads") }}
        group by system
    ),
    ready as (
        select
            needs.table_name,
            case
                when count(*) = count(reads.read_through) then min(reads.read_through)
            end as read_through
        from needs
        left join reads on reads.system = needs.system
        group by needs.table_name
    ),
    settled as (
        select
            calendar.period_start,
            calendar.period_end,
            calendar.iso_year,
            calendar.starts_at,
            calendar.ends_at
        from {{ ref("stg_ops__calendar") }} as calendar
        cross join {{ ref("stg_ops__clock") }} as clock
        where
            calendar.ends_at + interval {{ days }} day <= clock.as_of
            and calendar.period_start
            in (select units.period_start from {{ ref("int_units") }} as units)
    ),
    candidates as (
        select
            ready.table_name,
            settled.period_start,
            settled.period_end,
            settled.iso_year,
            settled.starts_at,
            settled.ends_at
        from settled
        join ready on ready.read_through >= settled.ends_at + interval {{ days }} day
        join
            first_seen
            on first_seen.table_name = ready.table_name
            and first_seen.first_at < settled.ends_at
        left join
            {{ ref("stg_ops__sealed") }} as sealed
            on sealed.table_name = ready.table_name
            and sealed.period_start >= settled.period_start
        where sealed.table_name is null
    )
select table_name, period_start, period_end, iso_year, starts_at, ends_at
from candidates
{# What is worked out of another table has its periods where that one is released, or is a candidate too. #}
{% for table_name, source in derived().items() %}
    union all
    select
        '{{ table_name }}' as table_name,
        settled.period_start,
        settled.period_end,
        settled.iso_year,
        settled.starts_at,
        settled.ends_at
    from settled
    join
        (
            select period_start
            from candidates
            where table_name = '{{ source }}'
            union
            select period_start
            from {{ ref("stg_ops__sealed") }}
            where table_name = '{{ source }}'
        ) as sources
        on sources.period_start = settled.period_start
    left join
        {{ ref("stg_ops__sealed") }} as sealed
        on sealed.table_name = '{{ table_name }}'
        and sealed.period_start >= settled.period_start
    where sealed.table_name is null
{% endfor %}
