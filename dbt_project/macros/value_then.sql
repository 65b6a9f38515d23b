{#
    What a field of a task held at a moment, from its transitions: what the last one before brought, or what the first one after took away. One
    row per task and moment of `moments(task_key, <at>)` that has any transition of the field: task_key, moment, value. A task without one holds
    what it holds now. `transitions` are those of these tasks, and maybe of others.
#}
{% macro value_then(moments, at, transitions, field, from_value, to_value) %}
    {% set is_before %}
        case when transitions.transitioned_at <= moments.{{ at }} then 1 else 0 end
    {% endset %}
    {% set side = "moments.task_key, moments." ~ at ~ ", " ~ is_before %}
    with
        turns as (
            select
                moments.task_key,
                moments.{{ at }} as moment,
                transitions.{{ from_value }} as from_value,
                transitions.{{ to_value }} as to_value,
                {{ is_before }} as is_before,
                row_number() over (
                    partition by {{ side }}
                    order by transitions.transitioned_at, transitions.transition_key
                ) as place_first,
                row_number() over (
                    partition by {{ side }}
                    order by
                        transitions.transitioned_at desc,
                        transitions.transition_key desc
                ) as place_last
            from {{ moments }} as moments
            join
                {{ transitions }} as transitions
                on transitions.issue_key = moments.task_key
                and transitions.field = '{{ field }}'
        )
    select
        task_key,
        moment,
        case
            when max(is_before) = 1
            then max(case when is_before = 1 and place_last = 1 then to_value end)
            else max(case when is_before = 0 and place_first = 1 then from_value end)
        end as value
    from turns
    group by task_key, moment
{% endmacro %}
