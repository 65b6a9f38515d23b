{#
    Why each piece of work of `int_work` that lies in `watched(since, until)` is in no number of people; NULL where it is in one. One row per
    piece of work: stream and doubt.
#}
{% macro unplaced(watched) %}
    with
        weeks as ({{ weeks(ref("stg_ops__calendar"), ["block_start"]) }}),
        accounts as (
            select account_key, min(person_key) as person_key
            from {{ ref("stg_roster__accounts") }}
            group by account_key
        ),
        roster as (
            select min(valid_from) as begins_on from {{ ref("stg_roster__members") }}
        ),
        homes as (
            select distinct calendar.block_start, members.person_key
            from {{ ref("stg_ops__calendar") }} as calendar
            join
                {{ ref("stg_roster__members") }} as members
                on members.valid_from <= calendar.block_start
                and (
                    members.valid_to is null or members.valid_to > calendar.block_start
                )
        )
    select
        work.stream,
        case
            when work.is_machine
            then 'machine'
            when work.account_key is null
            then 'nobody'
            when calendar.block_start < roster.begins_on
            then 'before_roster'
            when accounts.person_key is null
            then 'in_no_roster'
            when homes.person_key is null
            then 'in_no_team'
        end as doubt
    from {{ ref("int_work") }} as work
    join {{ watched }} as watched on work.worked_at >= since and work.worked_at < until
    join
        weeks as calendar
        on calendar.week_start = {{ dbt.date_trunc("week", "work.worked_at") }}
        and work.worked_at >= calendar.starts_at
        and work.worked_at < calendar.ends_at
    cross join roster
    left join accounts on accounts.account_key = work.account_key
    left join
        homes
        on homes.block_start = calendar.block_start
        and homes.person_key = accounts.person_key
{% endmacro %}
