{{ config(enabled="jira" in var("systems")) }}
with
    ends as ({{ period_ends() }}),
    written_tasks as (
        select
            issues.issue_key as task_key,
            issues.assignee_key,
            issues.assignee_is_bot,
            issues.status_category,
            issues.created_at,
            ends.ended_at,
            ends.week_before
        from {{ ref("stg_jira__issues") }} as issues
        join ends on issues.created_at <= ends.ended_at
        where
            issues.issue_type not in ('epic', 'subtask')
            -- what is not in progress now, and has not moved since, was not then
            and (
                issues.status_category = 'indeterminate'
                or issues.updated_at > ends.ended_at
            )
    ),
    moves as (
        select transitions.*
        from {{ ref("stg_jira__transitions") }} as transitions
        join
            (select distinct task_key from written_tasks) as written
            on written.task_key = transitions.issue_key
    ),
    categories as (
        {{
            value_then(
                "written_tasks",
                "ended_at",
                "moves",
                "status",
                "from_category",
                "to_category",
            )
        }}
    ),
    begun_tasks as (
        select written_tasks.*
        from written_tasks
        left join
            categories
            on categories.task_key = written_tasks.task_key
            and categories.moment = written_tasks.ended_at
        where
            case
                when categories.task_key is not null
                then categories.value
                else written_tasks.status_category
            end
            = 'indeterminate'
    ),
    handovers as (
        {{
            value_then(
                "begun_tasks",
                "ended_at",
                "moves",
                "assignee",
                "from_assignee_key",
                "to_assignee_key",
            )
        }}
    ),
    passages as (
        select
            begun_tasks.task_key,
            begun_tasks.ended_at,
            min(
                case
                    when
                        transitions.field = 'status'
                        and transitions.to_category = 'indeterminate'
                        and coalesce(transitions.from_category, '') <> 'indeterminate'
                    then transitions.transitioned_at
                end
            ) as entered_at,
            min(
                case
                    when
                        transitions.field = 'status'
                        and transitions.from_category = 'indeterminate'
                        and coalesce(transitions.to_category, '') <> 'indeterminate'
                    then transitions.transitioned_at
                end
            ) as left_at,
            max(transitions.transitioned_at) as moved_at
        from begun_tasks
        join
            moves as transitions
            on transitions.issue_key = begun_tasks.task_key
            and transitions.transitioned_at <= begun_tasks.ended_at
        group by begun_tasks.task_key, begun_tasks.ended_at
    )
select
    begun_tasks.task_key as item_key,
    case
        when handovers.task_key is not null
        then handovers.value
        when not coalesce(begun_tasks.assignee_is_bot, false)
        then begun_tasks.assignee_key
    end as holder_key,
    true as is_task,
    coalesce(
        {{
            work_began(
                "passages.entered_at",
                "passages.left_at",
                "begun_tasks.created_at",
            )
        }},
        begun_tasks.created_at
    ) as began_at,
    begun_tasks.ended_at,
    coalesce(passages.moved_at, begun_tasks.created_at)
    < begun_tasks.week_before as is_idle
from begun_tasks
left join
    passages
    on passages.task_key = begun_tasks.task_key
    and passages.ended_at = begun_tasks.ended_at
left join
    handovers
    on handovers.task_key = begun_tasks.task_key
    and handovers.moment = begun_tasks.ended_at
