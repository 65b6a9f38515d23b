{#
    The stages of a table, in their order: the column of its share, the quantity of the ledger, and the roles whose conduct it shows. One without
    a column is told with the others only, and stands last.
#}
{% macro stages(table_name) %}
    {% set known = {
        "team_delivery": [
            {
                "column": "coding_share_pct",
                "quantity": "coding_seconds",
                "roles": ["author"],
            },
            {
                "column": "pickup_share_pct",
                "quantity": "pickup_seconds",
                "roles": ["author", "reviewer"],
            },
            {
                "column": "review_share_pct",
                "quantity": "review_seconds",
                "roles": ["author", "reviewer"],
            },
            {
                "column": "merge_wait_share_pct",
                "quantity": "merge_wait_seconds",
                "roles": ["author", "merger"],
            },
            {
                "column": "unreviewed_wait_share_pct",
                "quantity": "unreviewed_wait_seconds",
                "roles": ["author", "merger"],
            },
            {
                "column": "unapproved_review_share_pct",
                "quantity": "unapproved_review_seconds",
                "roles": ["author", "reviewer", "merger"],
            },
        ],
        "team_tasks": [
            {
                "column": "active_share_pct",
                "quantity": "active_seconds",
                "roles": ["assignee"],
            },
            {
                "column": "waiting_share_pct",
                "quantity": "waiting_seconds",
                "roles": ["assignee"],
            },
            {"quantity": "queued_seconds", "roles": ["assignee"]},
        ],
    } %}
    {{ return(known[table_name]) }}
{% endmacro %}
