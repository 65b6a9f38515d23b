{#
    Which atom each team stands in, for every table and period in `periods` at once; NULL: withheld.

    periods(table_name, period_start, iso_year), units(period_start, unit_id, parent_id, unit_level), members(period_start, team_id, person_key),
    ledger(table_name, quantity, period_start, team_id, person_key, value), constants(table_name, quantity, iso_year, clip),
    quantities(table_name, quantity) all that a table must be safe in, calendar(period_start, block_start).

    One step a level, from the leaves up to the root, each in lists ordered by public facts alone. A team that is safe by itself is its own
    atom until a rest needs it. Values are clipped and counted in hundredths: integers.
#}
{% macro atoms(periods, units, members, ledger, constants, quantities, calendar) %}
    {% set depth = var("depth") %}
    with
        {{ inner_units(units) }},
        {{ atoms_leaves(periods, units, members, ledger, quantities, calendar) }},
        {{ atoms_quantities(ledger, constants, quantities) }},
        placed{{ depth + 1 }} as (
            select
                table_name,
                period_start,
                team_id,
                roster_size,
                r,
                team_id as unit_id,
                parent_id,
                team_id as item_id,
                min(case when {{ is_safe() }} then 1 else 0 end) as is_safe
            from leaf_quantities
            group by table_name, period_start, parent_id, team_id, roster_size, r
        )
        {% for distance in range(depth, -1, -1) %}
            , {{ atoms_level(distance) }}
        {% endfor %}
    select
        table_name,
        period_start,
        team_id,
        {# A branch that is longer than the var `depth` never reaches the root. #}
        case when is_safe = 1 and parent_id is null then item_id end as atom_id,
        r as recent_people
    from placed0
{% endmacro %}
