{{ config(enabled="actions" in var("systems")) }}
with
    seconds as (
        {# An attempt later than a week is not known of every run. #}
        select run_key, starter_key, starter_is_bot
        from {{ ref("stg_actions__runs") }}
        where attempt = 2 and started_at < created_at + interval 7 day
    )
select
    firsts.run_key,
    firsts.starter_key,
    case
        when not coalesce(seconds.starter_is_bot, false) then seconds.starter_key
    end as rerunner_key,
    firsts.completed_at,
    firsts.conclusion = 'success' as is_success,
    seconds.run_key is not null as is_rerun,
    case when firsts.queue_seconds >= 0 then firsts.queue_seconds end as queue_seconds,
    case
        when firsts.conclusion = 'success'
        then
            {{
                seconds_between(
                    "coalesce(firsts.started_at, firsts.created_at)",
                    "firsts.completed_at",
                )
            }}
    end as duration_seconds
from {{ ref("stg_actions__runs") }} as firsts
left join seconds on seconds.run_key = firsts.run_key
where
    {{ since_first_candidate("firsts.completed_at", "team_ci") }}
    and firsts.attempt = 1
    and firsts.conclusion in ('success', 'failure')
    and firsts.starter_key is not null
    and not coalesce(firsts.starter_is_bot, false)
    and (
        firsts.event = 'change'
        or (firsts.event in ('push', 'manual') and firsts.is_default_branch)
    )
