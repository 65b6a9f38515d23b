{#
    CTEs of one median, ending with `<name>_values`: period_start, unit_id, value.

    An atom has one when its rounded count and, for every role that some event carries, its people allow it. A unit above has one from
    the events of two or more such atoms; an atom without a value enters nothing above it. The value at row ceil(n / 2), snapped.
#}
{% macro protect_median(name, mart, column, roles) %}
    {% set policy = var("policy") %}
    {{ name }}_events as (
        select
            atoms.period_start,
            atoms.atom_id,
            events.{{ column }} as amount,
            {% for role in roles %}
                events.{{ role }}{% if not loop.last %}, {% endif %}
            {% endfor %}
        from atoms
        join
            {{ mart }} as events
            on events.period_start = atoms.period_start
            and events.team_id = atoms.team_id
        where events.{{ column }} is not null
    ),
    {{ name }}_medians as ({{ median(name ~ "_events", "period_start, atom_id") }}),
    {{ name }}_people as (
        {% for role in roles %}
            select
                events.period_start,
                events.atom_id,
                events.{{ role }} as person_key,
                '{{ role }}' as role,
                count(*) as event_count,
                max(
                    case when events.amount <= medians.amount then 1 else 0 end
                ) as is_below,
                max(
                    case when events.amount >= medians.amount then 1 else 0 end
                ) as is_above
            from {{ name }}_events as events
            join
                {{ name }}_medians as medians
                on medians.period_start = events.period_start
                and medians.atom_id = events.atom_id
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
                    and sum(is_below) >= {{ policy["percentile_side"] }}
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
        where totals.event_count >= {{ policy["percentile_events"] }}
        group by totals.period_start, totals.atom_id
        having min(roles.is_carried) = 1
    ),
    {{ name }}_pooled as (
        {{ pooled(name ~ "_allowed", name ~ "_events", "events.amount") }}
    ),
    {{ name }}_values as (
        select period_start, unit_id, {{ snap_hours("amount") }} as value
        from ({{ median(name ~ "_pooled", "period_start, unit_id") }}) as medians
    )
{% endmacro %}
