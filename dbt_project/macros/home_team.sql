{#
    The observations of tonight's candidate periods whose person had a home team then: each with period_start, person_key and team_id.
    Who has no account in the roster, or no team on the block's first day, is in no team's numbers.
#}
{% macro home_team(table_name, observations, account, at) %}
    select observed.*, periods.period_start, members.person_key, members.team_id
    from {{ observations }} as observed
    join
        {{ ref("int_periods") }} as periods
        on periods.table_name = '{{ table_name }}'
        and {{ in_period("observed." ~ at, "periods") }}
    join
        {{ ref("int_accounts") }} as accounts
        on accounts.period_start = periods.period_start
        and accounts.account_key = observed.{{ account }}
    join
        {{ ref("int_members") }} as members
        on members.period_start = periods.period_start
        and members.person_key = accounts.person_key
{% endmacro %}
