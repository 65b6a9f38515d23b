{# The last second of each of tonight's candidate periods of `team_wip`, and the moment a week before its end. #}
{% macro period_ends() %}
    select
        ends_at - interval 1 second as ended_at, ends_at - interval 7 day as week_before
    from {{ ref("int_periods") }}
    where table_name = 'team_wip'
{% endmacro %}
