{{
    config(
        enabled="github" in var("systems") or "jira" in var("systems"),
        materialized="table",
    )
}}
{% set sources = [] %}
{% for system, name in [("github", "open_changes"), ("jira", "open_tasks")] %}
    {% if system in var("systems") %} {% do sources.append(name) %} {% endif %}
{% endfor %}
with
    ends as (
        select
            period_start,
            period_end + interval 1 day - interval 1 second as ended_at,
            period_end - interval 7 day + interval 1 day as week_before
        from {{ ref("int_periods") }}
        where table_name = 'team_wip'
    ),
    {% if "github" in var("systems") %}
        waiting_changes as (
            select
                changes.change_key,
                changes.author_key,
                changes.ready_at,
                ends.ended_at,
                ends.week_before
            from {{ ref("stg_github__changes") }} as changes
            join
                ends
                on changes.ready_at <= ends.ended_at
                and (changes.closed_at is null or changes.closed_at > ends.ended_at)
            where
                (
                    changes.closed_at is null
                    or {{ since_first_candidate("changes.closed_at", "team_wip") }}
                )
                and changes.author_key is not null
                and not coalesce(changes.author_is_bot, false)
        ),
        signs as (
            select change_key, committed_at as happened_at
            from {{ ref("stg_github__commits") }}
            union all
            select change_key, submitted_at as happened_at
            from {{ ref("int_reviews") }}
        ),
        moved_changes as (
            select distinct waiting_changes.change_key, waiting_changes.ended_at
            from waiting_changes
            join
                signs
                on signs.change_key = waiting_changes.change_key
                and signs.happened_at >= waiting_changes.week_before
                and signs.happened_at <= waiting_changes.ended_at
        ),
        open_changes as (
            select
                waiting_changes.change_key as item_key,
                waiting_changes.author_key as holder_key,
                false as is_task,
                waiting_changes.ready_at as began_at,
                waiting_changes.ended_at,
                waiting_changes.ready_at < waiting_changes.week_before
                and moved_changes.change_key is null as is_idle
            from waiting_changes
            left join
                moved_changes
                on moved_changes.change_key = waiting_changes.change_key
                and moved_changes.ended_at = waiting_changes.ended_at
        ),
    {% endif %}
    {% if "jira" in var("systems") %}
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
                    or {{ since_first_candidate("issues.updated_at", "team_wip") }}
                )
        ),
        categories as (
            {{
                value_then(
                    "written_tasks",
                    "ended_at",
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
                            and coalesce(transitions.from_category, '')
                            <> 'indeterminate'
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
                {{ ref("stg_jira__transitions") }} as transitions
                on transitions.issue_key = begun_tasks.task_key
                and transitions.transitioned_at <= begun_tasks.ended_at
            group by begun_tasks.task_key, begun_tasks.ended_at
        ),
        open_tasks as (
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
        ),
    {% endif %}
    open_items as (
        {% for name in sources %}
            select item_key, holder_key, is_task, began_at, ended_at, is_idle
            from {{ name }}
            where holder_key is not null
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    ),
    held as ({{ home_team("team_wip", "open_items", "holder_key", "ended_at") }})
select
    period_start,
    team_id,
    item_key,
    person_key,
    is_task,
    {{ seconds_between("began_at", "ended_at") }} as age_seconds,
    is_idle
from held
