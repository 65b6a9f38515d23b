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
    {% do lines.append(["team_delivery", "changes_merged"] + author + ["1"]) %}
    {% for stage in stages() %}
        {% do lines.append(
            ["team_delivery", stage["quantity"]] + author + [stage["quantity"]]
        ) %}
        {% if "reviewer" in stage["roles"] %}
            {% set reviewer = ["reviewer", ref("int_deliveries"), "reviewer_key"] %}
            {% do lines.append(
                ["team_delivery", stage["quantity"]]
                + reviewer
                + [stage["quantity"]]
            ) %}
        {% endif %}
    {% endfor %}
{% endif %}
{% if "team_review" in bases %}
    {% set given = ref("int_reviews_given") %}
    {% do lines.append(
        ["team_review", "reviews_given", "reviewer", given, "person_key", "1"]
    ) %}
{% endif %}
{% if "team_code_volume" in bases %}
    {% for quantity in ["lines_added", "lines_deleted"] %}
        {% do lines.append(
            [
                "team_code_volume",
                quantity,
                "author",
                "contributions",
                "person_key",
                quantity,
            ]
        ) %}
    {% endfor %}
{% endif %}
{% if "team_tasks" in bases %}
    {% do lines.append(
        [
            "team_tasks",
            "tasks_completed",
            "assignee",
            "tasks",
            "person_key",
            "1",
        ]
    ) %}
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
