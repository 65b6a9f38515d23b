{#
    The published tables, one basis each: the systems they read, and those of which it needs one; the additive quantities that are published, in which every atom has to be
    safe; when a first observation was made (model, column); and the lines of the ledger.

    A ledger entry is a model with `period_start`, `team_id` and `person`; or, with `account` and `at`, one with an account and a time, whose
    person and home team are looked up. `lines` maps a quantity to its value; what is NULL has not happened.

    A table is there when one of its systems is configured; it waits for all of those that are.
#}
{% macro bases() %}
    {% set known = {
        "team_delivery": {
            "systems": ["github"],
            "quantities": ["changes_merged"],
            "observed": ["stg_github__changes", "merged_at"],
            "ledger": [
                {
                    "model": "int_deliveries",
                    "role": "author",
                    "person": "person_key",
                    "lines": {"changes_merged": "1"},
                },
            ],
        },
        "team_code_volume": {
            "systems": ["github", "git"],
            "quantities": ["lines_added", "lines_deleted"],
            "observed": ["int_contributions", "contributed_at"],
            "ledger": [
                {
                    "model": "int_contributions",
                    "role": "author",
                    "account": "author_key",
                    "at": "contributed_at",
                    "lines": {
                        "lines_added": "lines_added",
                        "lines_deleted": "lines_deleted",
                    },
                },
            ],
        },
        "team_review": {
            "systems": ["github"],
            "quantities": ["reviews_given"],
            "observed": ["stg_github__reviews", "submitted_at"],
            "ledger": [
                {
                    "model": "int_reviews_given",
                    "role": "reviewer",
                    "person": "person_key",
                    "lines": {"reviews_given": "1"},
                },
            ],
        },
        "team_wip": {
            "systems": ["github", "jira"],
            "quantities": ["open_items"],
            "observed": ["int_beginnings", "began_at"],
            "ledger": [
                {
                    "model": "int_open_items",
                    "role": "holder",
                    "person": "person_key",
                    "lines": {"open_items": "1"},
                },
            ],
        },
        "team_dora": {
            "systems": ["github", "events", "deployments", "jira"],
            "needs": ["events", "deployments"],
            "quantities": ["deployments"],
            "observed": ["int_deployments", "finished_at"],
            "ledger": [
                {
                    "model": "int_dora",
                    "role": "deployer",
                    "person": "person_key",
                    "lines": {
                        "deployments": "case when kind = 'deployment' then 1 end"
                    },
                },
            ],
        },
        "team_tasks": {
            "systems": ["jira"],
            "quantities": ["tasks_completed"],
            "observed": ["int_finishes", "finished_at"],
            "ledger": [
                {
                    "model": "int_tasks",
                    "role": "assignee",
                    "account": "assignee_key",
                    "at": "finished_at",
                    "lines": {"tasks_completed": "1"},
                },
            ],
        },
        "team_ci": {
            "systems": ["actions"],
            "quantities": ["runs_completed"],
            "observed": ["stg_actions__runs", "completed_at"],
            "ledger": [
                {
                    "model": "int_runs",
                    "role": "starter",
                    "account": "starter_key",
                    "at": "completed_at",
                    "lines": {"runs_completed": "1"},
                },
            ],
        },
    } %}
    {% set staged = {
        "team_delivery": {
            "model": "int_deliveries",
            "people": {
                "author": "person_key",
                "reviewer": "reviewer_key",
                "merger": "merger_key",
            },
        },
        "team_tasks": {
            "model": "int_flows",
            "people": {"assignee": "person_key"},
        },
    } %}
    {% for table, source in staged.items() %}
        {% for role, person in source["people"].items() %}
            {% set lines = {} %}
            {% for stage in stages(table) if role in stage["roles"] %}
                {% do lines.update({stage["quantity"]: stage["quantity"]}) %}
            {% endfor %}
            {% do known[table]["ledger"].append(
                {
                    "model": source["model"],
                    "role": role,
                    "person": person,
                    "lines": lines,
                }
            ) %}
        {% endfor %}
    {% endfor %}
    {% set configured = var("systems") %}
    {% set present = {} %}
    {% for table, basis in known.items() %}
        {% set systems = basis["systems"] | select("in", configured) | list %}
        {% set needed = basis.get("needs", systems) | select("in", systems) | list %}
        {% if needed %}
            {% do basis.update({"systems": systems}) %}
            {% do present.update({table: basis}) %}
        {% endif %}
    {% endfor %}
    {{ return(present) }}
{% endmacro %}
