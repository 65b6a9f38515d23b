{# The percentile of `amount` for each key, the quantile in hundredths: the value at the nearest rank, row ceil(q * n), nothing between two values. #}
{% macro percentile(events, key, quantile) %}
    select {{ key }}, amount
    from
        (
            select
                {{ key }},
                amount,
                row_number() over (partition by {{ key }} order by amount) as place,
                count(*) over (partition by {{ key }}) as amount_count
            from {{ events }}
        ) as placed
    where
        place * 100 >= {{ quantile }} * amount_count
        and (place - 1) * 100 < {{ quantile }} * amount_count
{% endmacro %}
