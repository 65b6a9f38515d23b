{{ config(enabled="jira" in var("systems"), materialized="table") }}
{# Time in a class needs no order of moves: who leaves it adds the seconds from the start of work until then, who enters it takes them away, and who is
   in it now adds all until the finish. So two moves of one second do no harm, and the classes of a task always add up to its cycle. #}
with
    tasks as (
        select
            task_key,
            assignee_key,
            started_at,
            finished_at,
            {{ seconds_between("started_at", "finished_at") }} as cycle_seconds
        from {{ ref("int_tasks") }}
        where started_at <= finished_at
    ),
    passages as (
        select
            tasks.task_key,
            moves.from_class,
            moves.to_class,
            coalesce(moves.is_mapped, false) as is_mapped,
            {{
                seconds_between(
                    "tasks.started_at",
                    "least(greatest(moves.transitioned_at, tasks.started_at), tasks.finished_at)",
                )
            }}
            as reached
        from tasks
        join
            {{ ref("int_touched_transitions") }} as moves
            on moves.issue_key = tasks.task_key
            and moves.field = 'status'
    ),
    ways as (
        select
            task_key,
            {% for class in ["active", "waiting"] %}
                {{
                    total(
                        "case when from_class = '"
                        ~ class
                        ~ "' then reached else 0 end - case when to_class = '"
                        ~ class
                        ~ "' then reached else 0 end"
                    )
                }} as {{ class }}_seconds,
            {% endfor %}
            count(*) = count(from_class) and count(*) = count(to_class) as is_known,
            min(case when is_mapped then 1 else 0 end) as is_mapped
        from passages
        group by task_key
    ),
    spent as (
        select
            tasks.task_key,
            tasks.assignee_key,
            tasks.finished_at,
            tasks.cycle_seconds,
            ways.is_mapped = 1 as is_mapped,
            {% for class in ["active", "waiting"] %}
                case
                    when ways.is_known
                    then
                        ways.{{ class }}_seconds + case
                            when issues.status_class = '{{ class }}'
                            then tasks.cycle_seconds
                            else 0
                        end
                end as {{ class }}_seconds
                {% if not loop.last %},{% endif %}
            {% endfor %}
        from tasks
        join ways on ways.task_key = tasks.task_key
        join
            {{ ref("stg_jira__issues") }} as issues on issues.issue_key = tasks.task_key
    )
select
    task_key,
    assignee_key,
    finished_at,
    cycle_seconds,
    active_seconds,
    waiting_seconds,
    is_mapped,
    active_seconds >= 0
    and waiting_seconds >= 0
    and active_seconds + waiting_seconds <= cycle_seconds as is_whole
from spent
