{#
    CTEs of `atoms`, the second level: the items of all groups in order, unsafe groups first, and the cut that makes the rest of the
    organisation. Safe groups come in with their atoms, smallest first; they are never taken whole.
#}
{% macro atoms_in_org() %}
    items as (
        select
            placed.table_name,
            placed.period_start,
            placed.group_id,
            placed.item_id,
            placed.group_size,
            placed.is_group_safe,
            sum(placed.roster_size) as item_size,
            sum(leaves.r) as r,
            sum(leaves.live) as live,
            sum(leaves.live_old) as live_old
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
            item_order.live,
            item_order.live_old,
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
{% endmacro %}
