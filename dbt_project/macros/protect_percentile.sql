{#
    CTEs of one percentile (p50, p75 or p90, in hundredths), ending with `<name>_values`: period_start, unit_id, value.

    An atom has one when its rounded count and, for every role that some event carries, its people allow it: enough on each side of a median, or
    in the tail of what lies further out. A unit above has one from the events of two or more such atoms; an atom without a value enters
    nothing above it. The value at the nearest rank, snapped.
#}
{% macro protect_percentile(name, mart, column, roles, quantile) %}
    {% set policy = var("policy") %}
    {% set events = {
        50: "percentile_events",
        75: "p75_events",
        90: "p90_events",
    } %}
    {{ name }}_events as (
        {{ atom_events(mart, column, "events." ~ column ~ " as amount", roles) }}
    ),
    {{ name }}_points as (
        {{ percentile(name ~ "_events", "period_start, atom_id", quantile) }}
    ),
    {{ name }}_people as (
        {% for role in roles %}
            select
                events.period_start,
                events.atom_id,
                events.{{ role }} as person_key,
                '{{ role }}' as role,
                count(*) as event_count,
                max(
                    case when events.amount <= points.amount then 1 else 0 end
                ) as is_below,
                max(
                    case when events.amount >= points.amount then 1 else 0 end
                ) as is_above
            from {{ name }}_events as events
            join
                {{ name }}_points as points
                on points.period_start = events.period_start
                and points.atom_id = events.atom_id
            where events.{{ role }} is not null
            group by events.period_start, events.atom_id, events.{{ role }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),
    {{ name }}_roles as (
        select
            period_start,
            atom_id,
            role,
            case
                when
                    count(*) >= {{ policy["k"] }}
                    {% if quantile == 50 %}
                        and sum(is_below) >= {{ policy["percentile_side"] }}
                    {% endif %}
                    and sum(is_above) >= {{ policy["percentile_side"] }}
                    and max(event_count) * 2 <= sum(event_count)
                then 1
                else 0
            end as is_carried
        from {{ name }}_people
        group by period_start, atom_id, role
    ),
    {{ name }}_allowed as (
        select totals.period_start, totals.atom_id
        from atom_totals as totals
        join
            {{ name }}_roles as roles
            on roles.period_start = totals.period_start
            and roles.atom_id = totals.atom_id
        where totals.event_count >= {{ policy[events[quantile]] }}
        group by totals.period_start, totals.atom_id
        having min(roles.is_carried) = 1
    ),
    {{ name }}_pooled as (
        {{ pooled(name ~ "_allowed", name ~ "_events", "events.amount") }}
    ),
    {{ name }}_values as (
        select period_start, unit_id, {{ snap_hours("amount") }} as value
        from
            (
                {{ percentile(name ~ "_pooled", "period_start, unit_id", quantile) }}
            ) as points
    )
{% endmacro %}
