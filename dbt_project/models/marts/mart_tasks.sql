{{ config(enabled="jira" in var("systems"), meta={"table_name": "team_tasks"}) }}
with tasks as ({{ homed("team_tasks") }})
select
    period_start,
    team_id,
    task_key,
    person_key as assignee_key,
    {{ seconds_between("created_at", "finished_at") }} as lead_seconds,
    {{ seconds_between("started_at", "finished_at") }} as cycle_seconds,
    is_bug,
    is_reopened,
    is_unplanned
from tasks
