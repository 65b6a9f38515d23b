{#
    CTEs of one rate, ending with `<name>_values`: period_start, unit_id, value.

    An atom has one when its rounded count allows it and, for each role, both those events that fulfil the flag and those that do not are the
    work of enough people, none of them too large. A side that nobody carries is exempt in every role but the first. Units above: as a percentile.
#}
{% macro protect_rate(name, mart, column, roles) %}
    {% set policy = var("policy") %}
    {{ name }}_events as (
        {% set side = "case when events." ~ column ~ " then 1 else 0 end as side" %}
        {{ atom_events(mart, column, side, roles) }}
    ),
    {{ name }}_people as (
        {% for role in roles %}
            select
                period_start,
                atom_id,
                side,
                '{{ role }}' as role,
                {{ role }} as person_key,
                count(*) as value
            from {{ name }}_events
            where {{ role }} is not null
            group by period_start, atom_id, side, {{ role }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),
    {{ name }}_sides as (
        {{ top_three(name ~ "_people", "period_start, atom_id, role, side") }}
    ),
    {{ name }}_roles as (
        select
            period_start,
            atom_id,
            min(
                case
                    when n >= {{ policy["rate_side"] }} and {{ shares_hold() }}
                    then 1
                    else 0
                end
            ) as is_carried,
            sum(case when role = '{{ roles[0] }}' then 1 else 0 end) as first_sides
        from {{ name }}_sides
        group by period_start, atom_id
    ),
    {{ name }}_allowed as (
        select totals.period_start, totals.atom_id
        from atom_totals as totals
        join
            {{ name }}_roles as roles
            on roles.period_start = totals.period_start
            and roles.atom_id = totals.atom_id
        where
            totals.event_count >= {{ policy["rate_events"] }}
            and roles.is_carried = 1
            and roles.first_sides = 2
    ),
    {{ name }}_pooled as (
        {{ pooled(name ~ "_allowed", name ~ "_events", "events.side") }}
    ),
    {{ name }}_counts as (
        select
            period_start,
            unit_id,
            {{ total("side") }} as fulfilled,
            count(*) as event_count
        from {{ name }}_pooled
        group by period_start, unit_id
    ),
    {{ name }}_values as (
        {% set step = policy["rate_step"] %}
        {% set points = (
            round_half_even(
                "(100 * fulfilled)", "(" ~ step ~ " * event_count)"
            )
            ~ " * "
            ~ step
        ) %}
        select
            period_start,
            unit_id,
            case
                when {{ points }} < {{ step }}
                then {{ step }}
                when {{ points }} > {{ 100 - step }}
                then {{ 100 - step }}
                else {{ points }}
            end as value
        from {{ name }}_counts
    )
{% endmacro %}
