{{ config(enabled="jira" in var("systems")) }}
with
    passages as (
        select
            issue_key,
            max(
                case
                    when to_category = 'done' and coalesce(from_category, '') <> 'done'
                    then transitioned_at
                end
            ) as finished_at,
            min(
                case
                    when
                        to_category = 'indeterminate'
                        and coalesce(from_category, '') <> 'indeterminate'
                    then transitioned_at
                end
            ) as entered_at,
            min(
                case
                    when
                        from_category = 'indeterminate'
                        and coalesce(to_category, '') <> 'indeterminate'
                    then transitioned_at
                end
            ) as left_at,
            min(
                case
                    when from_category = 'done' and coalesce(to_category, '') <> 'done'
                    then transitioned_at
                end
            ) as reopened_at
        from {{ ref("stg_jira__transitions") }}
        where field = 'status'
        group by issue_key
    ),
    finished as (
        select
            issues.issue_key as task_key,
            issues.assignee_key,
            issues.assignee_is_bot,
            issues.created_at,
            -- left before it was ever entered: in progress from its creation on
            case
                when passages.entered_at <= passages.left_at or passages.left_at is null
                then passages.entered_at
                else issues.created_at
            end as started_at,
            coalesce(passages.finished_at, issues.resolved_at) as finished_at,
            coalesce(issues.issue_type = 'bug', false) as is_bug,
            coalesce(passages.reopened_at < passages.finished_at, false) as is_reopened
        from {{ ref("stg_jira__issues") }} as issues
        left join passages on passages.issue_key = issues.issue_key
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
            finished.started_at,
            finished.finished_at,
            finished.is_bug,
            finished.is_reopened,
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
select task_key, assignee_key, created_at, started_at, finished_at, is_bug, is_reopened
from then_assigned
where assignee_key is not null
