{#
    Which atom each team stands in, for every table and period in `periods` at once; NULL: withheld.

    periods(table_name, period_start, iso_year), units(period_start, unit_id, parent_id, unit_level), members(period_start, team_id, person_key),
    ledger(table_name, quantity, period_start, team_id, person_key, value), constants(table_name, quantity, iso_year, clip),
    quantities(table_name, quantity) all that a table must be safe in, calendar(period_start).

    Two levels, each in a list ordered by public facts alone (unsafe first, then size of the roster, then id): the rest is the shortest prefix
    that holds all unsafe ones and is safe as a union. A prefix of one is the unsafe one itself, so a rest always unites two or more.
    Values are clipped and counted in hundredths: integers.
#}
{% macro atoms(periods, units, members, ledger, constants, quantities, calendar) %}
    with
        {{
            atoms_leaves(
                periods, units, members, ledger, constants, quantities, calendar
            )
        }},
        {{ atoms_in_groups() }},
        {{ atoms_in_org() }}
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
