{#
    CTEs of `atoms`: what is known of each leaf. `leaves` has its recent contributors (r), its roster and its age (live, live_old); `contributions` each
    person's clipped work, in hundredths; `leaf_quantities` one row a leaf and quantity with n, s and the three largest. Without the clip of
    a quantity there is no contribution in it, so nothing is safe.
#}
{% macro atoms_leaves(
    periods, units, members, ledger, constants, quantities, calendar
) %}
    {% set policy = var("policy") %}
    blocks as (
        select period_start, row_number() over (order by period_start) as block_number
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
            period_start,
            unit_id,
            row_number() over (partition by unit_id order by period_start) as age
        from {{ units }}
        where unit_level = 'team'
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
    ),
    clips as (
        select asked.table_name, asked.period_start, quantities.quantity, constants.clip
        from asked
        join {{ quantities }} as quantities on quantities.table_name = asked.table_name
        left join
            {{ constants }} as constants
            on constants.table_name = asked.table_name
            and constants.quantity = quantities.quantity
            and constants.iso_year = asked.iso_year
    ),
    contributions as (
        select
            clips.table_name,
            clips.period_start,
            clips.quantity,
            ledger.team_id,
            ledger.person_key,
            {{ clipped("ledger.value", "clips.clip") }} as value
        from clips
        join
            {{ ledger }} as ledger
            on ledger.table_name = clips.table_name
            and ledger.period_start = clips.period_start
            and ledger.quantity = clips.quantity
        where ledger.value > 0 and clips.clip is not null
    ),
    leaf_stats as (
        {{ top_three("contributions", "table_name, period_start, quantity, team_id") }}
    ),
    leaf_quantities as (
        select
            leaves.*,
            clips.quantity,
            coalesce(stats.n, 0) as n,
            coalesce(stats.s, 0) as s,
            coalesce(stats.x1, 0) as x1,
            coalesce(stats.x2, 0) as x2,
            coalesce(stats.x3, 0) as x3
        from leaves
        join
            clips
            on clips.table_name = leaves.table_name
            and clips.period_start = leaves.period_start
        left join
            leaf_stats as stats
            on stats.table_name = leaves.table_name
            and stats.period_start = leaves.period_start
            and stats.team_id = leaves.team_id
            and stats.quantity = clips.quantity
    )
{% endmacro %}
