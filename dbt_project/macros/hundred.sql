{#
    Parts of a whole in steps of 5 that add to 100: each rounded down, what is left over to the largest remainders, ties to the first part. `parts`
    has period_start, unit_id, part, hours. Where all is in the last part, nothing stands alone, and there is no value.
#}
{% macro hundred(parts, last) %}
    select
        period_start,
        unit_id,
        part,
        5 * (steps + case when place <= 20 - taken then 1 else 0 end) as value
    from
        (
            select
                *,
                sum(steps) over (partition by period_start, unit_id) as taken,
                row_number() over (
                    partition by period_start, unit_id order by remainder desc, part
                ) as place
            from
                (
                    select
                        *,
                        {{ integer_division("20 * hours", "whole") }} as steps,
                        mod(20 * hours, whole) as remainder
                    from
                        (
                            select
                                *,
                                sum(hours) over (
                                    partition by period_start, unit_id
                                ) as whole,
                                min(part) over (
                                    partition by period_start, unit_id
                                ) as first_part
                            from {{ parts }}
                        ) as weighed
                    where first_part < {{ last }}
                ) as divided
        ) as stepped
{% endmacro %}
