{#
    CTEs of `atoms`, the first level: in each group its leaves in order, the cut that makes its rest, and `placed`: the item each leaf goes
    up with, an atom of a safe group or the whole of an unsafe one.
#}
{% macro atoms_in_groups() %}
    leaf_flags as (
        select
            table_name,
            period_start,
            parent_id,
            team_id,
            roster_size,
            min(case when {{ is_safe() }} then 1 else 0 end) as is_safe
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
        group by leaf_order.table_name, leaf_order.period_start, leaf_order.parent_id
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
    )
{% endmacro %}
