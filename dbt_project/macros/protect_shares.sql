{#
    CTEs of shares that add to 100, ending with `<name>_values`: period_start, unit_id, part, value; part is the place of a stage in `stages`,
    and one more for all others together.

    An atom with enough events shows the stages that stand alone (stages_alone). A unit above adds up two or more such atoms, and shows by itself
    what stands alone in each of them: nothing new has to be tested.
#}
{% macro protect_shares(name, table_name, stages) %}
    {% set others = stages | length + 1 %}
    {{ name }}_people as (
        select
            period_start,
            atom_id,
            case
                {% for stage in stages %}
                    when quantity = '{{ stage["quantity"] }}' then {{ loop.index }}
                {% endfor %}
            end as part,
            role,
            person_key,
            value
        from
            (
                {{ atom_people(table_name, stages | map(attribute="quantity") | list) }}
            ) as people
    ),
    {{ stages_alone(name, stages) }},
    {{ name }}_hours as (
        select
            people.period_start,
            people.atom_id,
            people.part,
            {{ total("people.value") }} as hours,
            max(case when shown.part is null then 0 else 1 end) as is_shown
        from {{ name }}_people as people
        left join
            {{ name }}_shown as shown
            on shown.period_start = people.period_start
            and shown.atom_id = people.atom_id
            and shown.part = people.part
        where people.role = '{{ stages[0]["roles"][0] }}'
        group by people.period_start, people.atom_id, people.part
    ),
    {{ name }}_allowed as (select distinct period_start, atom_id from {{ name }}_shown),
    {{ name }}_pooled as (
        {{
            pooled(
                name ~ "_allowed",
                name ~ "_hours",
                "events.atom_id, events.part, events.hours, events.is_shown",
            )
        }}
    ),
    {{ name }}_atoms as (
        select period_start, unit_id, count(distinct atom_id) as atom_count
        from {{ name }}_pooled
        group by period_start, unit_id
    ),
    {{ name }}_stages as (
        select
            pooled.period_start,
            pooled.unit_id,
            case
                when sum(pooled.is_shown) = atoms.atom_count
                then pooled.part
                else {{ others }}
            end as part,
            {{ total("pooled.hours") }} as hours
        from {{ name }}_pooled as pooled
        join
            {{ name }}_atoms as atoms
            on atoms.period_start = pooled.period_start
            and atoms.unit_id = pooled.unit_id
        group by pooled.period_start, pooled.unit_id, pooled.part, atoms.atom_count
    ),
    {{ name }}_parts as (
        select period_start, unit_id, part, {{ total("hours") }} as hours
        from {{ name }}_stages
        group by period_start, unit_id, part
    ),
    {{ name }}_values as ({{ hundred(name ~ "_parts", others) }})
{% endmacro %}
