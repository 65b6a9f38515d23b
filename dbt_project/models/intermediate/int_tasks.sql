{{ config(enabled="jira" in var("systems")) }}
with
    finishes as (
        select issue_key, max(transitioned_at) as finished_at
        from {{ ref("stg_jira__transitions") }}
        where
            field = 'status'
            and to_category = 'done'
            and coalesce(from_category, '') <> 'done'
        group by issue_key
    ),
    finished as (
        select
            issues.issue_key as task_key,
            issues.assignee_key,
            issues.assignee_is_bot,
            issues.created_at,
            coalesce(finishes.finished_at, issues.resolved_at) as finished_at
        from {{ ref("stg_jira__issues") }} as issues
        left join finishes on finishes.issue_key = issues.issue_key
        where
            issues.status_category = 'done'
            and coalesce(issues.resolution, '') not in ('cancelled', 'duplicate')
            and issues.issue_type not in ('epic', 'subtask')
    ),
    handovers as (
        select
            finished.task_key,
            transitions.from_assignee_key,
            transitions.to_assignee_key,
            case
                when transitions.transitioned_at <= finished.finished_at then 1 else 0
            end as is_before,
            row_number() over (
                partition by
                    finished.task_key,
                    case
                        when transitions.transitioned_at <= finished.finished_at
                        then 1
                        else 0
                    end
                order by transitions.transitioned_at, transitions.transition_key
            ) as place_first,
            row_number() over (
                partition by
                    finished.task_key,
                    case
                        when transitions.transitioned_at <= finished.finished_at
                        then 1
                        else 0
                    end
                order by
                    transitions.transitioned_at desc, transitions.transition_key desc
            ) as place_last
        from finished
        join
            {{ ref("stg_jira__transitions") }} as transitions
            on transitions.issue_key = finished.task_key
            and transitions.field = 'assignee'
    ),
    then_assigned as (
        select
            finished.task_key,
            finished.created_at,
            finished.finished_at,
            case
                when last_before.task_key is not null
                then last_before.to_assignee_key
                when first_after.task_key is not null
                then first_after.from_assignee_key
                when not coalesce(finished.assignee_is_bot, false)
                then finished.assignee_key
            end as assignee_key
        from finished
        left join
            handovers as last_before
            on last_before.task_key = finished.task_key
            and last_before.is_before = 1
            and last_before.place_last = 1
        left join
            handovers as first_after
            on first_after.task_key = finished.task_key
            and first_after.is_before = 0
            and first_after.place_first = 1
        where finished.finished_at is not null
    )
select task_key, assignee_key, created_at, finished_at
from then_assigned
where assignee_key is not null
