{#
    For an ordered list of children (pos), of each prefix: is it safe in every quantity?

    `name` prefixes the CTEs; `children` has one row a child and quantity: table_name, period_start, parent_id, pos, quantity, r, live, live_old, n, s, x1, x2, x3.
    All but the x add up. The three largest are kept by a cascade of running maxima: what a running maximum displaces, or does not take, spills over
    into the next. Ends with the CTE `<name>_prefix`: table_name, period_start, parent_id, pos, is_safe.
#}
{% macro prefixes(name, children) %}
    {% set list = "table_name, period_start, parent_id, quantity" %}
    {% set so_far = (
        "partition by "
        ~ list
        ~ " order by pos, place rows between unbounded preceding"
    ) %}
    {{ name }}_spill0 as (
        {% for place in [1, 2, 3] %}
            select {{ list }}, pos, {{ place }} as place, x{{ place }} as v0
            from {{ children }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),
    {% for level in [1, 2] %}
        {{ name }}_before{{ level }} as (
            select
                *,
                coalesce(
                    max(v{{ level - 1 }}) over ({{ so_far }} and 1 preceding), 0
                ) as before{{ level }}
            from {{ name }}_spill{{ level - 1 }}
        ),
        {{ name }}_spill{{ level }} as (
            select
                *,
                case
                    when v{{ level - 1 }} < before{{ level }}
                    then v{{ level - 1 }}
                    else before{{ level }}
                end as v{{ level }}
            from {{ name }}_before{{ level }}
        ),
    {% endfor %}
    {{ name }}_largest as (
        select
            {{ list }},
            pos,
            place,
            {% for level in [1, 2, 3] %}
                max(v{{ level - 1 }}) over (
                    {{ so_far }} and current row
                ) as x{{ level }}
                {% if not loop.last %}, {% endif %}
            {% endfor %}
        from {{ name }}_spill2
    ),
    {{ name }}_sums as (
        select
            {{ list }},
            pos,
            {% for measure in ["r", "live", "live_old", "n", "s"] %}
                sum({{ measure }}) over (
                    partition by {{ list }}
                    order by pos
                    rows between unbounded preceding and current row
                ) as {{ measure }}
                {% if not loop.last %}, {% endif %}
            {% endfor %}
        from {{ children }}
    ),
    {{ name }}_prefix as (
        select
            sums.table_name,
            sums.period_start,
            sums.parent_id,
            sums.pos,
            min(case when {{ is_safe() }} then 1 else 0 end) as is_safe
        from {{ name }}_sums as sums
        join
            {{ name }}_largest as largest
            on largest.table_name = sums.table_name
            and largest.period_start = sums.period_start
            and largest.parent_id = sums.parent_id
            and largest.quantity = sums.quantity
            and largest.pos = sums.pos
            and largest.place = 3
        group by sums.table_name, sums.period_start, sums.parent_id, sums.pos
    )
{% endmacro %}
