{{ config(enabled="jira" in var("systems"), materialized="table") }}
{# An issue that was last touched before what tonight looks at was not finished in it. #}
with
    touched as (
        select *
        from
            (
                {{
                    touched(
                        ref("stg_jira__issues"),
                        "updated_at",
                        [
                            "issue_key",
                            "assignee_key",
                            "assignee_is_bot",
                            "issue_type",
                            "status_category",
                            "status_class",
                            "resolution",
                            "is_unplanned",
                            "created_at",
                            "resolved_at",
                        ],
                    )
                }}
            ) as issues
        where
            status_category = 'done'
            and coalesce(resolution, '') not in ('cancelled', 'duplicate')
            and coalesce(status_class, '') <> 'cancelled'
            and issue_type not in ('epic', 'subtask')
    ),
    passages as (
        select
            transitions.issue_key,
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
        from {{ ref("int_touched_transitions") }} as transitions
        join touched on touched.issue_key = transitions.issue_key
        where transitions.field = 'status'
        group by transitions.issue_key
    ),
    finished as (
        select
            issues.issue_key as task_key,
            issues.assignee_key,
            issues.assignee_is_bot,
            issues.created_at,
            {{
                work_began(
                    "passages.entered_at", "passages.left_at", "issues.created_at"
                )
            }} as started_at,
            coalesce(passages.finished_at, issues.resolved_at) as finished_at,
            coalesce(issues.issue_type = 'bug', false) as is_bug,
            coalesce(passages.reopened_at < passages.finished_at, false) as is_reopened,
            issues.is_unplanned
        from touched as issues
        left join passages on passages.issue_key = issues.issue_key
    ),
    handovers as (
        {{
            value_then(
                "finished",
                "finished_at",
                ref("int_touched_transitions"),
                "assignee",
                "from_assignee_key",
                "to_assignee_key",
            )
        }}
    ),
    then_assigned as (
        select
            finished.task_key,
            finished.created_at,
            finished.started_at,
            finished.finished_at,
            finished.is_bug,
            finished.is_reopened,
            finished.is_unplanned,
            case
                when handovers.task_key is not null
                then handovers.value
                when not coalesce(finished.assignee_is_bot, false)
                then finished.assignee_key
            end as assignee_key
        from finished
        left join handovers on handovers.task_key = finished.task_key
        where finished.finished_at is not null
    )
select
    task_key,
    assignee_key,
    created_at,
    started_at,
    finished_at,
    is_bug,
    is_reopened,
    is_unplanned
from then_assigned
where assignee_key is not null
