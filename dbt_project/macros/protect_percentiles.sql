{#
    CTEs of the percentiles of one column (p50, p75 or p90, in hundredths), ending with `<name>_values`: period_start, unit_id and a column
    p<quantile> each.

    An atom has one when its rounded count and, for every role that some event carries, its people allow it: enough on each side of a median, or
    in the tail of what lies further out. What the units above have: percentiles_above.
#}
{% macro protect_percentiles(name, mart, column, roles, quantiles) %}
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
        select
            period_start,
            atom_id
            {% for quantile in quantiles %}
                , {{ nearest_rank("amount", quantile) }} as p{{ quantile }}
            {% endfor %}
        from {{ name }}_events
        group by period_start, atom_id
    ),
    {{ name }}_people as (
        {% for role in roles %}
            select
                events.period_start,
                events.atom_id,
                events.{{ role }} as person_key,
                '{{ role }}' as role,
                count(*) as event_count,
                min(events.amount) as least,
                max(events.amount) as most
            from {{ name }}_events as events
            where events.{{ role }} is not null
            group by events.period_start, events.atom_id, events.{{ role }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),
    {{ name }}_roles as (
        select
            people.period_start,
            people.atom_id,
            people.role
            {% for quantile in quantiles %}
                {% set point = "points.p" ~ quantile %},
                case
                    when
                        count(*) >= {{ policy["k"] }}
                        and max(people.event_count) * 2 <= sum(people.event_count)
                        {% if quantile == 50 %}
                            and sum(
                                case when people.least <= {{ point }} then 1 else 0 end
                            )
                            >= {{ policy["percentile_side"] }}
                        {% endif %}
                        and sum(case when people.most >= {{ point }} then 1 else 0 end)
                        >= {{ policy["percentile_side"] }}
                    then 1
                    else 0
                end as carries{{ quantile }}
            {% endfor %}
        from {{ name }}_people as people
        join
            {{ name }}_points as points
            on points.period_start = people.period_start
            and points.atom_id = people.atom_id
        group by people.period_start, people.atom_id, people.role
    ),
    {{ name }}_allowed as (
        select
            totals.period_start,
            totals.atom_id
            {% for quantile in quantiles %}
                ,
                case
                    when totals.event_count >= {{ policy[events[quantile]] }}
                    then min(roles.carries{{ quantile }})
                    else 0
                end as shows{{ quantile }}
            {% endfor %}
        from atom_totals as totals
        join
            {{ name }}_roles as roles
            on roles.period_start = totals.period_start
            and roles.atom_id = totals.atom_id
        group by totals.period_start, totals.atom_id, totals.event_count
    ),
    {{ percentiles_above(name, quantiles) }}
{% endmacro %}
