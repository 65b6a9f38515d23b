{{ config(enabled="actions" in var("systems")) }}
select
    run_key,
    attempt,
    repository_key,
    workflow_key,

    starter_key,
    starter_is_bot,

    event,
    conclusion,

    is_default_branch,
    queue_seconds,

    created_at,
    started_at,
    completed_at
from {{ source("actions", "actions_runs") }}
