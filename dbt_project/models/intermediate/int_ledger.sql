{{
    config(
        materialized="incremental",
        incremental_strategy="by_period",
        unique_key=["table_name", "period_start"],
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
{% set bases = bases() %}
{# table, quantity, role, relation, person, value: what is NULL has not happened. #}
{% set lines = [] %}
{% if "team_delivery" in bases %}
    {% set author = ["author", ref("int_deliveries"), "person_key"] %}
    {% set reviewer = ["reviewer", ref("int_deliveries"), "reviewer_key"] %}
    {% do lines.append(["team_delivery", "changes_merged"] + author + ["1"]) %}
    {% for stage in stages() %}
        {% set hours = stage["quantity"] %}
        {% do lines.append(["team_delivery", hours] + author + [hours]) %}
        {% if "reviewer" in stage["roles"] %}
            {% do lines.append(["team_delivery", hours] + reviewer + [hours]) %}
        {% endif %}
    {% endfor %}
{% endif %}
{% if "team_review" in bases %}
    {% set reviewer = ["reviewer", ref("int_reviews_given"), "person_key"] %}
    {% do lines.append(["team_review", "reviews_given"] + reviewer + ["1"]) %}
{% endif %}
{% if "team_code_volume" in bases %}
    {% set author = ["author", "contributions", "person_key"] %}
    {% for lines_of in ["lines_added", "lines_deleted"] %}
        {% do lines.append(["team_code_volume", lines_of] + author + [lines_of]) %}
    {% endfor %}
{% endif %}
{% if "team_tasks" in bases %}
    {% set assignee = ["assignee", "tasks", "person_key"] %}
    {% do lines.append(["team_tasks", "tasks_completed"] + assignee + ["1"]) %}
{% endif %}
with
    {% if "team_code_volume" in bases %}
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
    {% if "team_tasks" in bases %}
        tasks as (
            {{
                home_team(
                    "team_tasks", ref("int_tasks"), "assignee_key", "finished_at"
                )
            }}
        ),
    {% endif %}
    worked as (
        {% for table_name, quantity, role, relation, person, value in lines %}
            select
                '{{ table_name }}' as table_name,
                '{{ quantity }}' as quantity,
                '{{ role }}' as role,
                period_start,
                team_id,
                {{ person }} as person_key,
                {{ total(value) }} as value
            from {{ relation }}
            where {{ person }} is not null and {{ value }} is not null
            group by period_start, team_id, {{ person }}
            {% if not loop.last %}
                union all
            {% endif %}
        {% endfor %}
    )
select table_name, quantity, role, period_start, team_id, person_key, value
from worked
