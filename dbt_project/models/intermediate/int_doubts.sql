{{ config(materialized="table") }}
{% set systems = var("systems") %}
{% set github = "github" in systems %}
{% set events = "events" in systems %}
{% set deployments = events or "deployments" in systems %}
{% set incidents = deployments and (events or "jira" in systems) %}
{# Times that no calendar has are looked for in all records. #}
with
    watched as (select * from {{ ref("int_watched") }}),
    {% if github %}
        merged as (
            select
                changes.change_key,
                changes.created_at,
                ready_at,
                merged_at,
                additions + deletions as changed_lines
            from {{ ref("stg_github__changes") }} as changes
            join watched on merged_at >= since and merged_at < until
            where author_key is not null and not coalesce(author_is_bot, false)
        ),
        starts as ({{ work_started("merged", ref("int_touched_commits")) }}),
        first_reviews as (
            select reviews.change_key, min(reviews.submitted_at) as first_reviewed_at
            from {{ ref("int_reviews") }} as reviews
            join merged on merged.change_key = reviews.change_key
            where coalesce(reviews.reviewer_key, '') <> coalesce(reviews.author_key, '')
            group by reviews.change_key
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
        spent_tasks as (
            select is_whole
            from {{ ref("int_spent") }}
            join watched on finished_at >= since and finished_at < until
        ),
        moves as (
            select is_mapped
            from {{ ref("stg_jira__transitions") }}
            join watched on transitioned_at >= since and transitioned_at < until
        ),
    {% endif %}
    {% if incidents %}
        mended as (
            select finished_at, recovered_at
            from {{ ref("int_failures") }}
            join watched on finished_at >= since and finished_at < until
        ),
        services as (select distinct service_key from {{ ref("int_deployments") }}),
        known_incidents as (
            select
                incidents.opened_at,
                incidents.resolved_at,
                watched.overdue_before,
                services.service_key is not null as is_deployed,
                {% if events %}
                    incidents.caused_by_key is null
                    or causes.deployment_key is not null
                    or failed.deployment_key is not null as is_cause_known,
                {% else %} true as is_cause_known,
                {% endif %}
                incidents.caused_by_key is not null
                or blamed.deployment_key is not null as is_blamed
            from {{ ref("int_incidents") }} as incidents
            join watched on incidents.opened_at >= since
            left join services on services.service_key = incidents.service_key
            left join
                {{ ref("int_deployments") }} as blamed
                on {{ is_blamed("incidents", "blamed") }}
            {% if events %}
                left join
                    {{ ref("int_deployments") }} as causes
                    on causes.deployment_key = incidents.caused_by_key
                left join
                    {{ ref("stg_events__deployments") }} as failed
                    on failed.deployment_key = incidents.caused_by_key
            {% endif %}
        ),
    {% endif %}
    {% if github and events %}
        named as (
            select named.deployment_key, max(changes.merged_at) as merged_at
            from {{ ref("stg_events__deployed_changes") }} as named
            left join
                {{ ref("stg_github__changes") }} as changes
                on changes.change_key = named.change_key
            group by named.deployment_key
        ),
    {% endif %}
    {% if github and deployments %}
        shipped_changes as (
            select held.deployment_key, held.is_baseline
            from {{ ref("int_held_changes") }} as held
            join watched on held.merged_at >= since and held.merged_at < until
            where held.is_human
        ),
        held_deployments as (
            select
                deployments.finished_at,
                {% if events %}
                    deployments.reaches_to is not null
                    or named.deployment_key is not null as is_holding,
                    greatest(deployments.reaches_to, named.merged_at) as merged_at
                {% else %}
                    deployments.reaches_to is not null as is_holding,
                    deployments.reaches_to as merged_at
                {% endif %}
            from {{ ref("int_deployments") }} as deployments
            join
                watched
                on deployments.finished_at >= since
                and deployments.finished_at < until
            {% if events %}
                left join named on named.deployment_key = deployments.deployment_key
            {% endif %}
        ),
    {% endif %}
    {% if "actions" in systems %}
        ended_runs as (
            select
                conclusion in ('success', 'failure') as is_counted,
                conclusion in ('cancelled', 'skipped') as is_given_up,
                queue_seconds,
                created_at,
                started_at,
                completed_at
            from {{ ref("stg_actions__runs") }}
            join watched on completed_at >= since and completed_at < until
        ),
    {% endif %}
    unplaced as ({{ unplaced("watched") }}),
    counted as (
        select doubt, stream, count(*) as records
        from unplaced
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
