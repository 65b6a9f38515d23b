{#
    CTEs of one spread among people, ending with `<name>_values`: period_start, unit_id, value, a word for the Gini coefficient
    G = sum((2 i - n - 1) x_i) / (n S) of what the contributors gave, ascending, clipped: even below 0.3, mixed below 0.5, else concentrated.

    An atom has one from twice the quorum of contributors on. A unit above has one from the people of two or more such atoms.
#}
{% macro protect_spread(name, table_name, quantity) %}
    {% set least = 2 * var("policy")["k"] %}
    {{ name }}_people as ({{ atom_people(table_name, [quantity]) }}),
    {{ name }}_rosters as (
        select period_start, atom_id, {{ total("recent_people") }} as r
        from atoms
        group by period_start, atom_id
    ),
    {{ name }}_allowed as (
        select people.period_start, people.atom_id
        from {{ name }}_people as people
        join
            {{ name }}_rosters as rosters
            on rosters.period_start = people.period_start
            and rosters.atom_id = people.atom_id
        where rosters.r >= {{ least + 1 }}
        group by people.period_start, people.atom_id
        having count(*) >= {{ least }}
    ),
    {{ name }}_pooled as (
        {{
            pooled(
                name ~ "_allowed",
                name ~ "_people",
                "events.person_key, events.value",
            )
        }}
    ),
    {{ name }}_gave as (
        select period_start, unit_id, person_key, {{ total("value") }} as value
        from {{ name }}_pooled
        group by period_start, unit_id, person_key
    ),
    {{ name }}_ranked as (
        select
            *,
            row_number() over (
                partition by period_start, unit_id order by value, person_key
            ) as place,
            count(*) over (partition by period_start, unit_id) as n
        from {{ name }}_gave
    ),
    {{ name }}_sums as (
        select
            period_start,
            unit_id,
            {{ total("(2 * place - n - 1) * value") }} as numerator,
            {{ total("n * value") }} as denominator
        from {{ name }}_ranked
        group by period_start, unit_id
    ),
    {{ name }}_values as (
        select
            period_start,
            unit_id,
            case
                when 10 * numerator < 3 * denominator
                then 'even'
                when 10 * numerator < 5 * denominator
                then 'mixed'
                else 'concentrated'
            end as value
        from {{ name }}_sums
    )
{% endmacro %}
