{#
    The protected twin of a mart: every unit of the hierarchy and every rest in every candidate period, with a status, and values where
    an atom stands. Counts and sums are clipped, rounded by atom and added up; medians and rates have rules of their own.

    `count` is the quantity whose rounded value is the number of events; `sums` are the quantities published; `medians` and `rates` map a
    column to its mart column and the roles whose conduct it shows, the first being the one the mart is counted by.
#}
{% macro protect(table_name, count, sums, mart=none, medians={}, rates={}) %}
    with
        periods as (
            select period_start, period_end, iso_year
            from {{ ref("int_periods") }}
            where table_name = '{{ table_name }}'
        ),
        units as (
            select units.period_start, units.unit_id, units.parent_id, units.unit_level
            from {{ ref("int_units") }} as units
            join periods on periods.period_start = units.period_start
        ),
        atoms as (
            select
                atoms.period_start,
                atoms.team_id,
                atoms.atom_id,
                teams.parent_id as group_id
            from {{ ref("int_atoms") }} as atoms
            join
                units as teams
                on teams.period_start = atoms.period_start
                and teams.unit_id = atoms.team_id
            where atoms.table_name = '{{ table_name }}' and atoms.atom_id is not null
        ),
        grid as (
            select period_start, unit_id, unit_level
            from units
            union all
            select period_start, 'rest:' || unit_id as unit_id, 'rest' as unit_level
            from units
            where unit_level = 'group'
            union all
            select distinct period_start, 'rest:org' as unit_id, 'rest' as unit_level
            from units
        ),
        standing as (
            select period_start, atom_id as unit_id, atom_id
            from atoms
            union
            select period_start, group_id as unit_id, atom_id
            from atoms
            where atom_id <> 'rest:org'
            union
            select atoms.period_start, roots.unit_id, atoms.atom_id
            from atoms
            join
                units as roots
                on roots.period_start = atoms.period_start
                and roots.unit_level = 'org'
        ),
        {{ roster_bands() }},
        amounts as (
            select
                atoms.period_start,
                atoms.atom_id,
                ledger.quantity,
                constants.base,
                {{
                    total(
                        "case when ledger.value > constants.clip then cast(round(constants.clip * 100) as bigint) else ledger.value * 100 end"
                    )
                }}
                as amount
            from atoms
            join periods on periods.period_start = atoms.period_start
            join
                {{ ref("int_ledger") }} as ledger
                on ledger.table_name = '{{ table_name }}'
                and ledger.period_start = atoms.period_start
                and ledger.team_id = atoms.team_id
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
        {% for name, measure in medians.items() %}
            , {{ protect_median(name, mart, measure["column"], measure["roles"]) }}
        {% endfor %}
        {% for name, measure in rates.items() %}
            , {{ protect_rate(name, mart, measure["column"], measure["roles"]) }}
        {% endfor %}
    select
        grid.period_start,
        periods.period_end,
        grid.unit_id,
        grid.unit_level,
        case
            when unit_totals.unit_id is null then 'withheld' else 'published'
        end as status,
        bands.size_band
        {% for quantity in sums %}, unit_totals.{{ quantity }} {% endfor %}
        {% for name in medians %}, {{ name }}_values.value as {{ name }} {% endfor %}
        {% for name in rates %}
            , cast({{ name }}_values.value as smallint) as {{ name }}
        {% endfor %}
    from grid
    join periods on periods.period_start = grid.period_start
    join
        bands on bands.period_start = grid.period_start and bands.unit_id = grid.unit_id
    left join
        unit_totals
        on unit_totals.period_start = grid.period_start
        and unit_totals.unit_id = grid.unit_id
    {% for name in medians.keys() | list + rates.keys() | list %}
        left join
            {{ name }}_values
            on {{ name }}_values.period_start = grid.period_start
            and {{ name }}_values.unit_id = grid.unit_id
    {% endfor %}
{% endmacro %}
