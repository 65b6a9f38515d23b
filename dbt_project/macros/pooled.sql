{# The events under each unit that come from atoms with a value of their own: an atom's own, or those of two atoms or more. #}
{% macro pooled(allowed, events, columns) %}
    select units.period_start, units.unit_id, {{ columns }}
    from
        (
            select
                standing.period_start,
                standing.unit_id,
                standing.atom_id,
                count(*) over (
                    partition by standing.period_start, standing.unit_id
                ) as atom_count
            from standing
            join
                {{ allowed }} as allowed
                on allowed.period_start = standing.period_start
                and allowed.atom_id = standing.atom_id
        ) as units
    join
        {{ events }} as events
        on events.period_start = units.period_start
        and events.atom_id = units.atom_id
    where units.atom_count >= 2 or units.unit_id = units.atom_id
{% endmacro %}
