{#
    CTEs of `protect_percentiles`: the values of all units. An atom's own is from its events; a unit above has one from the events of two or more atoms that
    show theirs, and an atom that does not enters nothing above it. The value at the nearest rank, snapped: steps of the ladder are counted
    and ranked, not events, which gives the same step and sorts nothing.
#}
{% macro percentiles_above(name, quantiles) %}
    {{ name }}_standing as (
        select
            standing.period_start,
            standing.unit_id,
            standing.atom_id
            {% for quantile in quantiles %}
                ,
                case
                    when
                        standing.unit_id = standing.atom_id
                        or sum(allowed.shows{{ quantile }}) over (
                            partition by standing.period_start, standing.unit_id
                        )
                        >= 2
                    then allowed.shows{{ quantile }}
                    else 0
                end as enters{{ quantile }}
            {% endfor %}
        from standing
        join
            {{ name }}_allowed as allowed
            on allowed.period_start = standing.period_start
            and allowed.atom_id = standing.atom_id
    ),
    {{ name }}_steps as (
        select period_start, atom_id, step, count(*) as step_count
        from
            (
                select
                    period_start,
                    atom_id,
                    {{ snap("amount", name.split("_") | last) }} as step
                from {{ name }}_events
            ) as snapped
        group by period_start, atom_id, step
    ),
    {{ name }}_ranked as (
        select
            units.period_start,
            units.unit_id,
            steps.step
            {% for quantile in quantiles %}
                {% set entering = "units.enters" ~ quantile ~ " * steps.step_count" %},
                {{ entering }} as width{{ quantile }},
                sum({{ entering }}) over (
                    partition by units.period_start, units.unit_id
                    order by steps.step
                    rows between unbounded preceding and current row
                ) as place{{ quantile }},
                sum({{ entering }}) over (
                    partition by units.period_start, units.unit_id
                ) as count{{ quantile }}
            {% endfor %}
        from {{ name }}_standing as units
        join
            {{ name }}_steps as steps
            on steps.period_start = units.period_start
            and steps.atom_id = units.atom_id
    ),
    {{ name }}_values as (
        select
            period_start,
            unit_id
            {% for quantile in quantiles %}
                ,
                max(
                    case
                        when
                            {{
                                is_at_rank(
                                    quantile,
                                    "place" ~ quantile,
                                    "count" ~ quantile,
                                    "width" ~ quantile,
                                )
                            }}
                        then step
                    end
                ) as p{{ quantile }}
            {% endfor %}
        from {{ name }}_ranked
        group by period_start, unit_id
    )
{% endmacro %}
