{#
    The protected twin of a mart: every unit of the hierarchy and every rest in every candidate period, with a status, and values where
    an atom stands. Counts and sums are clipped, rounded by atom and added up; percentiles and rates have rules of their own.

    `count` is the quantity whose rounded value is the number of events; `sums` are the quantities published; `percentiles` and `rates` map a
    column to its mart column and the roles whose conduct it shows, the first being the one the mart is counted by; percentiles, a
    stem, with its unit last, for the columns of their quantiles, in hundredths. `shares` maps the column of what is left over to its stages in order, `spreads` a column to its quantity,
    `trends` a column to two of `sums`, the first held against the second.
#}
{% macro protect(
    table_name,
    count,
    sums,
    mart=none,
    percentiles={},
    rates={},
    shares={},
    spreads={},
    trends={}
) %}
    with
        {{ protect_grid(table_name) }},
        {{ roster_bands() }},
        {{ protect_totals(table_name, count, sums) }}
        {% for name, measure in percentiles.items() %}
            ,
            {{
                protect_percentiles(
                    name,
                    mart,
                    measure["column"],
                    measure["roles"],
                    measure["quantiles"],
                )
            }}
        {% endfor %}
        {% for name, measure in rates.items() %}
            , {{ protect_rate(name, mart, measure["column"], measure["roles"]) }}
        {% endfor %}
        {% for name, stages in shares.items() %}
            ,
            {{ protect_shares(name, table_name, stages) }},
            {{ share_columns(name, stages, name) }}
        {% endfor %}
        {% for name, quantity in spreads.items() %}
            , {{ protect_spread(name, table_name, quantity) }}
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
        {% for name, measure in percentiles.items() %}
            {% for quantile in measure["quantiles"] %}
                , {{ name }}_values.p{{ quantile }} as {{ name }}_p{{ quantile }}
            {% endfor %}
        {% endfor %}
        {% for name in rates %}
            , cast({{ name }}_values.value as smallint) as {{ name }}
        {% endfor %}
        {% for name, stages in shares.items() %}
            {% for stage in stages if "column" in stage %}
                ,
                cast(
                    {{ name }}_columns.{{ stage["column"] }} as smallint
                ) as {{ stage["column"] }}
            {% endfor %},
            cast({{ name }}_columns.{{ name }} as smallint) as {{ name }}
        {% endfor %}
        {% for name in spreads %}, {{ name }}_values.value as {{ name }} {% endfor %}
        {% for name, pair in trends.items() %}
            ,
            {{ trend("unit_totals." ~ pair[0], "unit_totals." ~ pair[1]) }}
            as {{ name }}
        {% endfor %}
    from grid
    join periods on periods.period_start = grid.period_start
    join
        bands on bands.period_start = grid.period_start and bands.unit_id = grid.unit_id
    left join
        unit_totals
        on unit_totals.period_start = grid.period_start
        and unit_totals.unit_id = grid.unit_id
    {% for name in shares %}
        left join
            {{ name }}_columns
            on {{ name }}_columns.period_start = grid.period_start
            and {{ name }}_columns.unit_id = grid.unit_id
    {% endfor %}
    {% for name in percentiles.keys() | list + rates.keys() | list + spreads.keys() | list %}
        left join
            {{ name }}_values
            on {{ name }}_values.period_start = grid.period_start
            and {{ name }}_values.unit_id = grid.unit_id
    {% endfor %}
{% endmacro %}
