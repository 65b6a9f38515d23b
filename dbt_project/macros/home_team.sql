{#
    The observations of tonight's candidate periods whose person had a home team then: each with period_start, person_key and team_id.
    Who has no account in the roster, or no team on the block's first day, is in no team's numbers.

    An observation is looked up by its account and UTC week (weeks), and never sorted by time; which period it lies in is told by the moments at
    which periods begin and end in the organisation's time zone. Accounts meet their members first.
#}
{% macro home_team(table_name, observations, account, at) %}
    with
        periods as (
            select period_start, starts_at, ends_at
            from {{ ref("int_periods") }}
            where table_name = '{{ table_name }}'
        ),
        weeks as ({{ weeks("periods", ["period_start"]) }}),
        homes as {{ materialized() }} (
            select
                weeks.period_start,
                weeks.starts_at,
                weeks.ends_at,
                weeks.week_start,
                accounts.account_key,
                members.person_key,
                members.team_id
            from weeks
            join
                {{ ref("int_accounts") }} as accounts
                on accounts.period_start = weeks.period_start
            join
                {{ ref("int_members") }} as members
                on members.period_start = accounts.period_start
                and members.person_key = accounts.person_key
        )
    select observed.*, homes.period_start, homes.person_key, homes.team_id
    from {{ observations }} as observed
    join
        homes
        on homes.account_key = observed.{{ account }}
        and homes.week_start = {{ dbt.date_trunc("week", "observed." ~ at) }}
        and observed.{{ at }} >= homes.starts_at
        and observed.{{ at }} < homes.ends_at
    where {{ since_first_candidate("observed." ~ at, table_name) }}
{% endmacro %}
