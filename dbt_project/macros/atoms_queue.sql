{#
    CTEs of one level of `atoms`. In a unit with an unsafe child all its teams stand in one list: unsafe children first, then safe ones, each by
    size and id; a safe child comes with its atoms, smallest first. The rest is the shortest prefix that holds all unsafe children, cuts no
    item and is safe: it ends at `cut`, if there is one.
#}
{% macro atoms_queue(step, before, distance) %}
    {{ step }}_sizes as (
        select
            placed.*,
            sum(placed.roster_size) over (
                partition by placed.table_name, placed.period_start, placed.unit_id
            ) as unit_size,
            sum(placed.roster_size) over (
                partition by placed.table_name, placed.period_start, placed.item_id
            ) as item_size,
            sum(1 - placed.is_safe) over (
                partition by placed.table_name, placed.period_start, placed.parent_id
            ) as unsafe_teams
        from {{ before }} as placed
        join
            inner_units as parents
            on parents.period_start = placed.period_start
            and parents.unit_id = placed.parent_id
            and parents.distance = {{ distance }}
    ),
    {{ step }}_queue as (
        {% set in_order %}
            partition by table_name, period_start, parent_id
            order by is_safe, unit_size, unit_id, item_size, item_id, team_id
        {% endset %}
        select
            *,
            row_number() over ({{ in_order }}) as pos,
            lead(item_id) over ({{ in_order }}) as next_item_id
        from {{ step }}_sizes
        where unsafe_teams > 0
    ),
    {{ step }}_list as (
        select
            queue.table_name,
            queue.period_start,
            queue.parent_id,
            queue.pos,
            quantities.quantity,
            quantities.r,
            quantities.live,
            quantities.live_old,
            quantities.n,
            quantities.s,
            quantities.x1,
            quantities.x2,
            quantities.x3
        from {{ step }}_queue as queue
        join
            leaf_quantities as quantities
            on quantities.table_name = queue.table_name
            and quantities.period_start = queue.period_start
            and quantities.team_id = queue.team_id
    ),
    {{ prefixes(step, step ~ "_list") }},
    {{ step }}_cut as (
        select
            queue.table_name, queue.period_start, queue.parent_id, min(queue.pos) as cut
        from {{ step }}_queue as queue
        join
            {{ step }}_prefix as prefix
            on prefix.table_name = queue.table_name
            and prefix.period_start = queue.period_start
            and prefix.parent_id = queue.parent_id
            and prefix.pos = queue.pos
        where
            queue.pos >= queue.unsafe_teams
            and coalesce(queue.next_item_id, '') <> queue.item_id
            and prefix.is_safe = 1
        group by queue.table_name, queue.period_start, queue.parent_id
    )
{% endmacro %}
