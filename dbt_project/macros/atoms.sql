{#
    Which atom each team stands in, for every table and period in `periods` at once; NULL: withheld.

    periods(table_name, period_start, iso_year), units(period_start, unit_id, parent_id, unit_level), members(period_start, team_id, person_key),
    ledger(table_name, quantity, period_start, team_id, person_key, value), constants(table_name, quantity, iso_year, clip),
    quantities(table_name, quantity) all that a table must be safe in, calendar(period_start).

    Two levels, each in a list ordered by public facts alone (unsafe first, then size of the roster, then id): the rest is the shortest prefix
    that holds all unsafe ones and is safe as a union. A prefix of one is the unsafe one itself, so a rest always unites two or more, and
    unions need no age. Values are clipped and counted in hundredths: integers.
#}
{% macro atoms(periods, units, members, ledger, constants, quantities, calendar) %}
    {% set policy = var("policy") %}
    with
        blocks as (
            select
                period_start, row_number() over (order by period_start) as block_number
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
                case
                    when ages.age >= {{ policy["age_blocks"] }} then 1 else 0
                end as is_old
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
            select
                asked.table_name,
                asked.period_start,
                quantities.quantity,
                cast(round(constants.clip * 100) as bigint) as clip
            from asked
            join
                {{ quantities }} as quantities
                on quantities.table_name = asked.table_name
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
                case
                    when ledger.value * 100 > clips.clip
                    then clips.clip
                    else ledger.value * 100
                end as value
            from clips
            join
                {{ ledger }} as ledger
                on ledger.table_name = clips.table_name
                and ledger.period_start = clips.period_start
                and ledger.quantity = clips.quantity
            where ledger.value > 0 and clips.clip is not null
        ),
        leaf_stats as (
            {{
                top_three(
                    "contributions", "table_name, period_start, quantity, team_id"
                )
            }}
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
        ),
        leaf_flags as (
            select
                table_name,
                period_start,
                parent_id,
                team_id,
                roster_size,
                min(
                    case when is_old = 1 and {{ is_safe() }} then 1 else 0 end
                ) as is_safe
            from leaf_quantities
            group by table_name, period_start, parent_id, team_id, roster_size
        ),
        leaf_order as (
            select
                *,
                row_number() over (
                    partition by table_name, period_start, parent_id
                    order by is_safe, roster_size, team_id
                ) as pos,
                sum(1 - is_safe) over (
                    partition by table_name, period_start, parent_id
                ) as unsafe_children
            from leaf_flags
        ),
        leaf_list as (
            select quantities.*, leaf_order.pos
            from leaf_quantities as quantities
            join
                leaf_order
                on leaf_order.table_name = quantities.table_name
                and leaf_order.period_start = quantities.period_start
                and leaf_order.team_id = quantities.team_id
        ),
        {{ prefixes("leaf", "leaf_list") }},
        group_cut as (
            select
                leaf_order.table_name,
                leaf_order.period_start,
                leaf_order.parent_id,
                max(leaf_order.unsafe_children) as unsafe_children,
                min(
                    case
                        when
                            leaf_order.pos >= 2
                            and leaf_order.pos >= leaf_order.unsafe_children
                            and prefix.is_safe = 1
                        then leaf_order.pos
                    end
                ) as cut,
                sum(leaf_order.roster_size) as group_size
            from leaf_order
            join
                leaf_prefix as prefix
                on prefix.table_name = leaf_order.table_name
                and prefix.period_start = leaf_order.period_start
                and prefix.parent_id = leaf_order.parent_id
                and prefix.pos = leaf_order.pos
            group by
                leaf_order.table_name, leaf_order.period_start, leaf_order.parent_id
        ),
        placed as (
            select
                leaf_order.table_name,
                leaf_order.period_start,
                leaf_order.parent_id as group_id,
                leaf_order.team_id,
                leaf_order.roster_size,
                group_cut.group_size,
                case
                    when group_cut.unsafe_children > 0 and group_cut.cut is null
                    then 0
                    else 1
                end as is_group_safe,
                case
                    when group_cut.unsafe_children = 0
                    then leaf_order.team_id
                    when group_cut.cut is null
                    then leaf_order.parent_id
                    when leaf_order.pos <= group_cut.cut
                    then 'rest:' || leaf_order.parent_id
                    else leaf_order.team_id
                end as item_id
            from leaf_order
            join
                group_cut
                on group_cut.table_name = leaf_order.table_name
                and group_cut.period_start = leaf_order.period_start
                and group_cut.parent_id = leaf_order.parent_id
        ),
        items as (
            select
                placed.table_name,
                placed.period_start,
                placed.group_id,
                placed.item_id,
                placed.group_size,
                placed.is_group_safe,
                sum(placed.roster_size) as item_size,
                sum(leaves.r) as r
            from placed
            join
                leaves
                on leaves.table_name = placed.table_name
                and leaves.period_start = placed.period_start
                and leaves.team_id = placed.team_id
            group by
                placed.table_name,
                placed.period_start,
                placed.group_id,
                placed.item_id,
                placed.group_size,
                placed.is_group_safe
        ),
        item_contributions as (
            select contributions.*, placed.item_id
            from contributions
            join
                placed
                on placed.table_name = contributions.table_name
                and placed.period_start = contributions.period_start
                and placed.team_id = contributions.team_id
        ),
        item_stats as (
            {{
                top_three(
                    "item_contributions",
                    "table_name, period_start, quantity, item_id",
                )
            }}
        ),
        item_order as (
            select
                *,
                row_number() over (
                    partition by table_name, period_start
                    order by is_group_safe, group_size, group_id, item_size, item_id
                ) as pos,
                sum(1 - is_group_safe) over (
                    partition by table_name, period_start
                ) as unsafe_children
            from items
        ),
        item_list as (
            select
                item_order.table_name,
                item_order.period_start,
                'org' as parent_id,
                item_order.pos,
                clips.quantity,
                item_order.r,
                coalesce(stats.n, 0) as n,
                coalesce(stats.s, 0) as s,
                coalesce(stats.x1, 0) as x1,
                coalesce(stats.x2, 0) as x2,
                coalesce(stats.x3, 0) as x3
            from item_order
            join
                clips
                on clips.table_name = item_order.table_name
                and clips.period_start = item_order.period_start
            left join
                item_stats as stats
                on stats.table_name = item_order.table_name
                and stats.period_start = item_order.period_start
                and stats.item_id = item_order.item_id
                and stats.quantity = clips.quantity
        ),
        {{ prefixes("item", "item_list") }},
        org_cut as (
            select
                item_order.table_name,
                item_order.period_start,
                max(item_order.unsafe_children) as unsafe_children,
                min(
                    case
                        when
                            item_order.pos >= 2
                            and item_order.pos >= item_order.unsafe_children
                            and prefix.is_safe = 1
                        then item_order.pos
                    end
                ) as cut
            from item_order
            join
                item_prefix as prefix
                on prefix.table_name = item_order.table_name
                and prefix.period_start = item_order.period_start
                and prefix.pos = item_order.pos
            group by item_order.table_name, item_order.period_start
        )
    select
        placed.table_name,
        placed.period_start,
        placed.team_id,
        case
            when org_cut.unsafe_children = 0
            then placed.item_id
            when org_cut.cut is null
            then null
            when item_order.pos <= org_cut.cut
            then 'rest:org'
            else placed.item_id
        end as atom_id
    from placed
    join
        item_order
        on item_order.table_name = placed.table_name
        and item_order.period_start = placed.period_start
        and item_order.item_id = placed.item_id
    join
        org_cut
        on org_cut.table_name = placed.table_name
        and org_cut.period_start = placed.period_start
{% endmacro %}
