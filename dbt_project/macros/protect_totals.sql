{# CTEs of a twin: `atom_totals`, clipped, rounded half to even by atom, with the count of events; `unit_totals`, their sums. #}
{% macro protect_totals(table_name, count, sums) %}
    amounts as (
        select period_start, atom_id, quantity, base, {{ total("value") }} as amount
        from ({{ atom_lines(table_name, ([count] + sums) | unique | list) }}) as lines
        group by period_start, atom_id, quantity, base
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
