{#
    The observations of tonight's candidate periods whose person had a home team then: each with period_start, person_key and team_id.
    Who has no account in the roster, or no team on the block's first day, is in no team's numbers.

    Accounts meet their members first: else the planner may pair every observation with all members of its period before it looks for whose it is.
#}
{% macro home_team(table_name, observations, account, at) %}
    with
        homes as {{ materialized() }} (
            select
                accounts.period_start,
                accounts.account_key,
                members.person_key,
                members.team_id
            from {{ ref("int_accounts") }} as accounts
            join
                {{ ref("int_members") }} as members
                on members.period_start = accounts.period_start
                and members.person_key = accounts.person_key
        )
    select observed.*, periods.period_start, homes.person_key, homes.team_id
    from {{ observations }} as observed
    join
        {{ ref("int_periods") }} as periods
        on periods.table_name = '{{ table_name }}'
        and {{ in_period("observed." ~ at, "periods") }}
    join
        homes
        on homes.period_start = periods.period_start
        and homes.account_key = observed.{{ account }}
{% endmacro %}
