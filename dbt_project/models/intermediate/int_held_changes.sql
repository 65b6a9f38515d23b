{{
    config(
        enabled="github" in var("systems")
        and ("events" in var("systems") or "deployments" in var("systems")),
        materialized="table",
    )
}}
{% set events = "events" in var("systems") %}
{% set incidents = events or "jira" in var("systems") %}
{# What a deployment says of itself counts before what is inferred; the first one known of a part is a baseline and takes nothing.
   A night needs what those deployments hold that ended, or whose failure did, in the time it watches. What they hold by the order of merges was merged after what went
   out before them, and whatever held it earlier reached as far: so in each repository nothing before the least of these times matters. #}
with
    needed as (
        select deployments.deployment_key
        from {{ ref("int_deployments") }} as deployments
        join {{ ref("int_watched") }} as watched on deployments.finished_at >= since
        {% if incidents %}
            {% for key in ["deployment_key", "mending_key"] %}
                union
                select {{ key }}
                from {{ ref("int_failures") }}
                join {{ ref("int_watched") }} on recovered_at >= since
            {% endfor %}
        {% endif %}
    ),
    bounds as (
        select
            reaches.repository_key,
            least(
                min(watched.since),
                min(
                    case
                        when needed.deployment_key is not null
                        then reaches.reached_before
                    end
                )
            ) as since
        from {{ ref("int_reaches") }} as reaches
        cross join {{ ref("int_watched") }} as watched
        left join needed on needed.deployment_key = reaches.deployment_key
        group by reaches.repository_key
    ),
    steps as (
        {# Deployments that bring a part further than any before, the later the further; a baseline is one, and holds nothing. #}
        select
            reaches.repository_key,
            reaches.part_key,
            case
                when reaches.reached_before is not null then reaches.deployment_key
            end as deployment_key,
            case
                when reaches.reached_before is not null then reaches.finished_at
            end as finished_at,
            reaches.reaches_to,
            reaches.reached_before is null as is_baseline,
            row_number() over (
                partition by reaches.repository_key, reaches.part_key
                order by reaches.reaches_to
            ) as step
        from {{ ref("int_reaches") }} as reaches
        join bounds on bounds.repository_key = reaches.repository_key
        where
            reaches.reaches_to > bounds.since
            and (
                reaches.reached_before is null
                or reaches.reaches_to > reaches.reached_before
            )
    ),
    merges as (
        select
            changes.change_key,
            changes.repository_key,
            changes.merged_at,
            {% if "deployments" in var("systems") %}
                coalesce(parts.service_key, changes.repository_key)
            {% else %} changes.repository_key
            {% endif %} as part_key
        from {{ ref("stg_github__changes") }} as changes
        join
            bounds
            on bounds.repository_key = changes.repository_key
            and changes.merged_at > bounds.since
        {% if "deployments" in var("systems") %}
            left join
                {{ ref("stg_deployments__change_services") }} as touched
                on touched.change_key = changes.change_key
            left join
                {{ ref("stg_deployments__services") }} as parts
                on parts.repository_key = changes.repository_key
                and parts.service_key = touched.service_key
                and not parts.is_whole
        {% endif %}
        where changes.is_base_default
    ),
    line as (
        select repository_key, part_key, change_key, merged_at as moved_at, 0 as is_step
        from merges
        union all
        select
            repository_key,
            part_key,
            cast(null as varchar) as change_key,
            reaches_to as moved_at,
            1 as is_step
        from steps
    ),
    placed as (
        select
            repository_key,
            part_key,
            change_key,
            sum(is_step) over (
                partition by repository_key, part_key
                order by moved_at, is_step
                rows between unbounded preceding and current row
            ) as steps_before
        from line
    ),
    inferred as (
        select
            placed.change_key,
            steps.deployment_key,
            steps.finished_at,
            coalesce(steps.is_baseline, false) as is_baseline,
            row_number() over (
                partition by placed.change_key
                order by
                    steps.finished_at nulls last,
                    steps.deployment_key,
                    coalesce(steps.is_baseline, false) desc
            ) as place
        from placed
        left join
            steps
            on steps.repository_key = placed.repository_key
            and steps.part_key = placed.part_key
            and steps.step = placed.steps_before + 1
        where placed.change_key is not null
    ),
    {% if events %}
        named as (
            select
                named.change_key,
                deployments.deployment_key,
                deployments.finished_at,
                row_number() over (
                    partition by named.change_key
                    order by deployments.finished_at, deployments.deployment_key
                ) as place
            from {{ ref("stg_events__deployed_changes") }} as named
            join
                {{ ref("int_deployments") }} as deployments
                on deployments.deployment_key = named.deployment_key
        ),
        first_named as (
            select change_key, deployment_key, finished_at from named where place = 1
        ),
    {% endif %}
    held as (
        select
            inferred.change_key,
            inferred.deployment_key,
            inferred.finished_at,
            false as is_linked,
            inferred.is_baseline
        from inferred
        {% if events %}
            left join first_named on first_named.change_key = inferred.change_key
            where inferred.place = 1 and first_named.change_key is null
            union all
            select
                first_named.change_key,
                first_named.deployment_key,
                first_named.finished_at,
                true as is_linked,
                false as is_baseline
            from first_named
            join needed on needed.deployment_key = first_named.deployment_key
        {% else %} where inferred.place = 1
        {% endif %}
    )
select
    held.change_key,
    held.deployment_key,
    case
        when not coalesce(changes.author_is_bot, false) then changes.author_key
    end as author_key,
    changes.created_at,
    changes.merged_at,
    held.finished_at,
    held.is_linked,
    held.is_baseline,
    changes.author_key is not null
    and not coalesce(changes.author_is_bot, false) as is_human,
    coalesce(changes.is_revert, false) as is_revert
from held
join {{ ref("stg_github__changes") }} as changes on changes.change_key = held.change_key
where changes.merged_at is not null
