{{ config(materialized="table") }}
{% set systems = var("systems") %}
{% set github = "github" in systems %}
{% set told = ["events", "deployments"] | select("in", systems) | list %}
{# Looked at is what tonight's numbers are made of, and the twelve weeks before the clock; times that no calendar has, in all records. A day
   of grace: a night reads on after its clock. #}
with
    watched as (
        select
            least(
                clock.as_of - interval 84 day,
                coalesce(
                    (select min(starts_at) from {{ ref("int_periods") }}), clock.as_of
                )
            ) as since,
            clock.as_of + interval 1 day as until,
            clock.as_of - interval 30 day as overdue_before,
            clock.as_of - interval 10957 day as forgotten_before
        from {{ ref("stg_ops__clock") }} as clock
    ),
    {% if github %}
        merged as (
            select changes.change_key, changes.created_at, ready_at, merged_at
            from {{ ref("stg_github__changes") }} as changes
            join watched on merged_at >= since and merged_at < until
            where author_key is not null and not coalesce(author_is_bot, false)
        ),
        starts as ({{ work_started("merged") }}),
        first_reviews as (
            select change_key, min(submitted_at) as first_reviewed_at
            from {{ ref("int_reviews") }}
            where coalesce(reviewer_key, '') <> coalesce(author_key, '')
            group by change_key
        ),
        timed_changes as (
            select merged.*, starts.started_at, first_reviews.first_reviewed_at
            from merged
            join starts on starts.change_key = merged.change_key
            left join first_reviews on first_reviews.change_key = merged.change_key
        ),
    {% endif %}
    {% if "jira" in systems %}
        finished_tasks as (
            select created_at, started_at, finished_at
            from {{ ref("int_tasks") }}
            join watched on finished_at >= since and finished_at < until
        ),
        moved_tasks as (
            select status_category
            from {{ ref("stg_jira__issues") }}
            join watched on updated_at >= since
        ),
    {% endif %}
    {% if told %}
        held_deployments as (
            select
                held.told_by,
                held.is_holding,
                held.finished_at,
                held.merged_at,
                held.recovered_at
            from {{ ref("int_held_deployments") }} as held
            join watched on held.finished_at >= since and held.finished_at < until
        ),
        known_deployments as (
            {% for system in told %}
                select deployment_key, service_key
                from {{ ref("stg_" ~ system ~ "__deployments") }}
                {% if not loop.last %}
                    union
                {% endif %}
            {% endfor %}
        ),
        services as (select distinct service_key from known_deployments),
        causes as (select distinct deployment_key from known_deployments),
    {% endif %}
    {% if "events" in systems %}
        known_incidents as (
            select
                incidents.opened_at,
                incidents.resolved_at,
                watched.overdue_before,
                services.service_key is not null as is_deployed,
                incidents.caused_by_key is null
                or causes.deployment_key is not null as is_cause_known
            from {{ ref("stg_events__incidents") }} as incidents
            join watched on incidents.opened_at >= since
            left join services on services.service_key = incidents.service_key
            left join causes on causes.deployment_key = incidents.caused_by_key
        ),
    {% endif %}
    {% if "actions" in systems %}
        ended_runs as (
            select created_at, started_at, completed_at
            from {{ ref("stg_actions__runs") }}
            join watched on completed_at >= since and completed_at < until
            where conclusion in ('success', 'failure')
        ),
    {% endif %}
    accounts as (
        select account_key, min(person_key) as person_key
        from {{ ref("stg_roster__accounts") }}
        group by account_key
    ),
    roster as (
        select min(valid_from) as begins_on from {{ ref("stg_roster__members") }}
    ),
    homes as (
        select distinct calendar.block_start, members.person_key
        from {{ ref("stg_ops__calendar") }} as calendar
        join
            {{ ref("stg_roster__members") }} as members
            on members.valid_from <= calendar.block_start
            and (members.valid_to is null or members.valid_to > calendar.block_start)
    ),
    homed as (
        select
            work.stream,
            case
                when work.is_machine
                then 'machine'
                when work.account_key is null
                then 'nobody'
                when calendar.block_start < roster.begins_on
                then 'before_roster'
                when accounts.person_key is null
                then 'in_no_roster'
                when homes.person_key is null
                then 'in_no_team'
            end as doubt
        from {{ ref("int_work") }} as work
        join watched on work.worked_at >= since and work.worked_at < until
        join
            {{ ref("stg_ops__calendar") }} as calendar
            on work.worked_at >= calendar.starts_at
            and work.worked_at < calendar.ends_at
        cross join roster
        left join accounts on accounts.account_key = work.account_key
        left join
            homes
            on homes.block_start = calendar.block_start
            and homes.person_key = accounts.person_key
    ),
    counted as (
        select doubt, stream, count(*) as records
        from homed
        where doubt is not null
        group by doubt, stream
        union all
        select
            case
                when work.last_at >= watched.until then 'in_the_future' else 'long_ago'
            end as doubt,
            work.stream,
            count(*) as records
        from {{ ref("int_work") }} as work
        join
            watched
            on work.last_at >= watched.until
            or work.first_at < watched.forgotten_before
        group by 1, 2
        {% for one in doubtful() %}
            {% for doubt, condition in one["doubts"].items() %}
                union all
                select
                    '{{ doubt }}' as doubt,
                    '{{ one["stream"] }}' as stream,
                    count(*) as records
                from {{ one["relation"] }}
                where {{ condition }}
            {% endfor %}
        {% endfor %}
    )
select doubt, stream, records
from counted
where records > 0
