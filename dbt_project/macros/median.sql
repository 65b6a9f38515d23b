{# The median of `amount` for each key: the value at row ceil(n / 2), nothing between two values. #}
{% macro median(events, key) %}
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
    where place * 2 in (amount_count, amount_count + 1)
{% endmacro %}
