{{ config(enabled="jira" in var("systems"), materialized="table") }}
with
    tasks as (
        {{ home_team("team_tasks", ref("int_spent"), "assignee_key", "finished_at") }}
    ),
    covered as (
        select
            *,
            sum(case when is_whole and is_mapped then 1 else 0 end) over (
                partition by period_start, team_id
            ) as mapped_tasks,
            count(*) over (partition by period_start, team_id) as started_tasks
        from tasks
    )
select
    period_start,
    team_id,
    person_key,
    task_key,
    active_seconds,
    waiting_seconds,
    cycle_seconds - active_seconds - waiting_seconds as queued_seconds
from covered
where is_whole and 100 * mapped_tasks >= 80 * started_tasks
