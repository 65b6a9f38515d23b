{#
    The observations of tonight's candidate periods whose person had a home team then: each with period_start, person_key and team_id.
    Who has no account in the roster, or no team on the block's first day, is in no team's numbers.

    Accounts meet their members first, and bring the period's bounds and the weeks that touch it: observations are looked up by account and week, and
    never sorted by time.
#}
{% macro home_team(table_name, observations, account, at) %}
    with
        homes as {{ materialized() }} (
            select
                periods.period_start,
                periods.period_end,
                weeks.week_start,
                accounts.account_key,
                members.person_key,
                members.team_id
            from {{ ref("int_periods") }} as periods
            join
                (
                    {% for week in range(7) %}
                        select
                            period_start,
                            period_start
                            + interval {{ 7 * week }} day
                            - interval 7 day as week_start
                        from {{ ref("int_periods") }}
                        where
                            table_name = '{{ table_name }}'
                            and period_start
                            + interval {{ 7 * week }} day
                            - interval 7 day
                            <= period_end + interval 7 day
                        {% if not loop.last %}
                            union all
                        {% endif %}
                    {% endfor %}
                ) as weeks
                on weeks.period_start = periods.period_start
            join
                {{ ref("int_accounts") }} as accounts
                on accounts.period_start = periods.period_start
            join
                {{ ref("int_members") }} as members
                on members.period_start = accounts.period_start
                and members.person_key = accounts.person_key
            where periods.table_name = '{{ table_name }}'
        )
    select observed.*, homes.period_start, homes.person_key, homes.team_id
    from {{ observations }} as observed
    join
        homes
        on homes.account_key = observed.{{ account }}
        and homes.week_start = {{ dbt.date_trunc("week", "observed." ~ at) }}
        and {{ in_period("observed." ~ at, "homes") }}
    where {{ since_first_candidate("observed." ~ at, table_name) }}
{% endmacro %}
