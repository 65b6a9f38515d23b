{#
    CTEs of `atoms`: `asked`, the tables and periods in question, and `leaves`, one row a table, period and team: the unit above, how many
    of its roster contributed lately (r), the size of that roster, whether it lives (r is not 0), and whether it lives and is old.
#}
{% macro atoms_leaves(periods, units, members, ledger, quantities, calendar) %}
    {% set policy = var("policy") %}
    blocks as (
        select
            period_start,
            block_start,
            dense_rank() over (order by block_start) as block_number
        from {{ calendar }}
    ),
    asked as (
        select
            periods.table_name,
            periods.period_start,
            periods.iso_year,
            blocks.block_number
        from {{ periods }} as periods
        join blocks on blocks.period_start = periods.period_start
    ),
    sizes as (
        select period_start, team_id, count(*) as roster_size
        from {{ members }}
        group by period_start, team_id
    ),
    ages as (
        select
            units.period_start,
            units.unit_id,
            dense_rank() over (
                partition by units.unit_id order by blocks.block_start
            ) as age
        from {{ units }} as units
        join blocks on blocks.period_start = units.period_start
        where units.unit_level = 'team'
    ),
    seen as (
        select distinct asked.table_name, asked.period_start, recent.person_key
        from asked
        join
            blocks
            on blocks.block_number < asked.block_number
            and blocks.block_number
            >= asked.block_number - {{ policy["history_blocks"] }}
        join
            {{ ledger }} as recent
            on recent.table_name = asked.table_name
            and recent.period_start = blocks.period_start
        join
            {{ quantities }} as quantities
            on quantities.table_name = recent.table_name
            and quantities.quantity = recent.quantity
    ),
    recents as (
        select seen.table_name, seen.period_start, members.team_id, count(*) as r
        from seen
        join
            {{ members }} as members
            on members.period_start = seen.period_start
            and members.person_key = seen.person_key
        group by seen.table_name, seen.period_start, members.team_id
    ),
    leaves as (
        select
            asked.table_name,
            asked.period_start,
            units.parent_id,
            units.unit_id as team_id,
            coalesce(recents.r, 0) as r,
            coalesce(sizes.roster_size, 0) as roster_size,
            case when recents.r > 0 then 1 else 0 end as live,
            case
                when recents.r > 0 and ages.age >= {{ policy["age_blocks"] }}
                then 1
                else 0
            end as live_old
        from asked
        join
            {{ units }} as units
            on units.period_start = asked.period_start
            and units.unit_level = 'team'
        join
            ages
            on ages.period_start = units.period_start
            and ages.unit_id = units.unit_id
        left join
            sizes
            on sizes.period_start = units.period_start
            and sizes.team_id = units.unit_id
        left join
            recents
            on recents.table_name = asked.table_name
            and recents.period_start = asked.period_start
            and recents.team_id = units.unit_id
    )
{% endmacro %}
