{#
    CTEs of `atoms`, one level of the tree: the units so far from the root take up their children, a team or a unit that an earlier step went
    through. Ends with `placed<distance>`: for every team the unit and the item it goes up with. What hangs elsewhere passes.

    A unit without an unsafe child is safe as it stands. One without a cut (atoms_queue) is unsafe as a whole, and goes up so.
#}
{% macro atoms_level(distance) %}
    {% set step = "level" ~ distance %}
    {% set before = "placed" ~ (distance + 1) %}
    {{ atoms_queue(step, before, distance) }},
    placed{{ distance }} as (
        select
            placed.table_name,
            placed.period_start,
            placed.team_id,
            placed.roster_size,
            placed.r,
            coalesce(parents.unit_id, placed.unit_id) as unit_id,
            case
                when parents.unit_id is null
                then placed.parent_id
                else parents.parent_id
            end as parent_id,
            case
                when queue.team_id is null or queue.pos > cuts.cut
                then placed.item_id
                when cuts.cut is null
                then placed.parent_id
                else
                    {{
                        (
                            "'rest:org'"
                            if distance == 0
                            else "'rest:' || placed.parent_id"
                        )
                    }}
            end as item_id,
            case
                when queue.team_id is not null and cuts.cut is null
                then 0
                when parents.unit_id is null
                then placed.is_safe
                else 1
            end as is_safe
        from {{ before }} as placed
        left join
            inner_units as parents
            on parents.period_start = placed.period_start
            and parents.unit_id = placed.parent_id
            and parents.distance = {{ distance }}
        left join
            {{ step }}_queue as queue
            on queue.table_name = placed.table_name
            and queue.period_start = placed.period_start
            and queue.team_id = placed.team_id
        left join
            {{ step }}_cut as cuts
            on cuts.table_name = queue.table_name
            and cuts.period_start = queue.period_start
            and cuts.parent_id = queue.parent_id
    )
{% endmacro %}
