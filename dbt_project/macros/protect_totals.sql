{# CTEs of a twin: `atom_totals`, clipped, rounded half to even by atom, with the count of events; `unit_totals`, their sums. #}
{% macro protect_totals(table_name, count, sums) %}
    amounts as (
        select
            atoms.period_start,
            atoms.atom_id,
            ledger.quantity,
            constants.base,
            {{ total(clipped("ledger.value", "constants.clip")) }} as amount
        from atoms
        join periods on periods.period_start = atoms.period_start
        join
            {{ ref("int_ledger") }} as ledger
            on ledger.table_name = '{{ table_name }}'
            and ledger.period_start = atoms.period_start
            and ledger.team_id = atoms.team_id
            and ledger.quantity in ('{{ ([count] + sums) | unique | join("', '") }}')
        join
            {{ ref("int_constants") }} as constants
            on constants.table_name = '{{ table_name }}'
            and constants.quantity = ledger.quantity
            and constants.iso_year = periods.iso_year
        group by atoms.period_start, atoms.atom_id, ledger.quantity, constants.base
    ),
    rounded as (
        select
            period_start,
            atom_id,
            quantity,
            base * {{ round_half_even("amount", "(base * 100)") }} as amount
        from amounts
    ),
    atom_totals as (
        select
            period_start,
            atom_id,
            {% for quantity in sums %}
                max(
                    case when quantity = '{{ quantity }}' then amount end
                ) as {{ quantity }},
            {% endfor %}
            max(case when quantity = '{{ count }}' then amount end) as event_count
        from rounded
        group by period_start, atom_id
    ),
    unit_totals as (
        select
            standing.period_start,
            standing.unit_id
            {% for quantity in sums %}
                , {{ total("totals." ~ quantity) }} as {{ quantity }}
            {% endfor %}
        from standing
        join
            atom_totals as totals
            on totals.period_start = standing.period_start
            and totals.atom_id = standing.atom_id
        group by standing.period_start, standing.unit_id
    )
{% endmacro %}
