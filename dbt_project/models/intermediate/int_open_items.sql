{{
    config(
        enabled="github" in var("systems") or "jira" in var("systems"),
        materialized="table",
    )
}}
{% set models = [] %}
{% for system, name in [("github", "int_open_changes"), ("jira", "int_open_tasks")] %}
    {% if system in var("systems") %} {% do models.append(name) %} {% endif %}
{% endfor %}
with
    open_items as (
        {% for name in models %}
            select item_key, holder_key, is_task, began_at, ended_at, is_idle
            from {{ ref(name) }}
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
