{{
    config(
        materialized="incremental",
        incremental_strategy="by_period",
        unique_key=["table_name", "period_start"],
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
with
    {% if "team_delivery" in bases() %}
        changes as (
            {{
                home_team(
                    "team_delivery", ref("int_changes"), "author_key", "merged_at"
                )
            }}
        ),
    {% endif %}
    {% if "team_code_volume" in bases() %}
        contributions as (
            {{
                home_team(
                    "team_code_volume",
                    ref("int_contributions"),
                    "author_key",
                    "contributed_at",
                )
            }}
        ),
    {% endif %}
    {% if "team_tasks" in bases() %}
        tasks as (
            {{
                home_team(
                    "team_tasks", ref("int_tasks"), "assignee_key", "finished_at"
                )
            }}
        ),
    {% endif %}
    worked as (
        {% set parts = [] %}
        {% if "team_delivery" in bases() %}
            {% do parts.append(
                ("team_delivery", "changes_merged", "author", "changes", "1")
            ) %}
        {% endif %}
        {% if "team_code_volume" in bases() %}
            {% do parts.append(
                (
                    "team_code_volume",
                    "lines_added",
                    "author",
                    "contributions",
                    "lines_added",
                )
            ) %}
            {% do parts.append(
                (
                    "team_code_volume",
                    "lines_deleted",
                    "author",
                    "contributions",
                    "lines_deleted",
                )
            ) %}
        {% endif %}
        {% if "team_tasks" in bases() %}
            {% do parts.append(
                ("team_tasks", "tasks_completed", "assignee", "tasks", "1")
            ) %}
        {% endif %}
        {% for table_name, quantity, role, relation, value in parts %}
            select
                '{{ table_name }}' as table_name,
                '{{ quantity }}' as quantity,
                '{{ role }}' as role,
                period_start,
                team_id,
                person_key,
                {{ total(value) }} as value
            from {{ relation }}
            group by period_start, team_id, person_key
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )
select table_name, quantity, role, period_start, team_id, person_key, value
from worked
