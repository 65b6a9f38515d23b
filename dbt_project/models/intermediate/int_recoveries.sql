{{ config(enabled="actions" in var("systems")) }}
{# A spell of a workflow on the default branch ends with a success: it was broken by its first failure, if it has one. What lies before the
   last success that is older than tonight's candidates ends no spell that counts. #}
with
    attempts as (
        select
            run_key,
            attempt,
            repository_key,
            workflow_key,
            completed_at,
            conclusion = 'success' as is_success,
            case
                when not coalesce(starter_is_bot, false) then starter_key
            end as starter_key
        from {{ ref("stg_actions__runs") }}
        where
            is_default_branch
            and conclusion in ('success', 'failure')
            and coalesce(started_at, created_at) < created_at + interval 7 day
    ),
    known as (
        select repository_key, workflow_key, max(completed_at) as green_at
        from attempts
        where is_success and not {{ since_first_candidate("completed_at", "team_ci") }}
        group by repository_key, workflow_key
    ),
    placed as (
        select
            attempts.*,
            sum(case when is_success then 1 else 0 end) over (
                partition by attempts.repository_key, attempts.workflow_key
                order by
                    attempts.completed_at,
                    attempts.is_success,
                    attempts.run_key,
                    attempts.attempt
                rows between unbounded preceding and current row
            )
            - case when is_success then 1 else 0 end as spell,
            row_number() over (
                partition by attempts.repository_key, attempts.workflow_key
                order by
                    attempts.completed_at,
                    attempts.is_success,
                    attempts.run_key,
                    attempts.attempt
            ) as place
        from attempts
        left join
            known
            on known.repository_key = attempts.repository_key
            and known.workflow_key = attempts.workflow_key
        where known.green_at is null or attempts.completed_at >= known.green_at
    ),
    spells as (
        select
            repository_key,
            workflow_key,
            spell,
            min(case when not is_success then place end) as broken,
            max(case when is_success then place end) as mended
        from placed
        group by repository_key, workflow_key, spell
    )
select
    green.run_key,
    green.completed_at as green_at,
    red.starter_key as breaker_key,
    {{ seconds_between("red.completed_at", "green.completed_at") }} as green_seconds,
    row_number() over (partition by green.run_key order by green.attempt) as recovery
from spells
join
    placed as red
    on red.repository_key = spells.repository_key
    and red.workflow_key = spells.workflow_key
    and red.place = spells.broken
join
    placed as green
    on green.repository_key = spells.repository_key
    and green.workflow_key = spells.workflow_key
    and green.place = spells.mended
