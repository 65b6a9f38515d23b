{# For each key: n, s and the three largest of the positive contributions in a relation of one row a person. #}
{% macro top_three(contributions, key) %}
    select
        {{ key }},
        count(*) as n,
        {{ total("value") }} as s,
        max(case when place = 1 then value else 0 end) as x1,
        max(case when place = 2 then value else 0 end) as x2,
        max(case when place = 3 then value else 0 end) as x3
    from
        (
            select
                {{ key }},
                value,
                row_number() over (
                    partition by {{ key }} order by value desc, person_key
                ) as place
            from {{ contributions }}
        ) as placed
    group by {{ key }}
{% endmacro %}
