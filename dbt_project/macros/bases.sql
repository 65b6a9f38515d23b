{#
    The published tables, the systems they read and the additive quantities of their ledger.
    A table is there when one of its systems is configured; it waits for all of those that are.
#}
{% macro bases() %}
    {% set known = {
        "team_delivery": {
            "systems": ["github"],
            "quantities": ["changes_merged"],
        },
        "team_code_volume": {
            "systems": ["github", "git"],
            "quantities": ["lines_added", "lines_deleted"],
        },
        "team_review": {
            "systems": ["github"],
            "quantities": ["reviews_given"],
        },
        "team_tasks": {
            "systems": ["jira"],
            "quantities": ["tasks_completed"],
        },
    } %}
    {% set configured = var("systems") %}
    {% set present = {} %}
    {% for table, basis in known.items() %}
        {% set systems = basis["systems"] | select("in", configured) | list %}
        {% if systems %}
            {% do present.update(
                {
                    table: {
                        "systems": systems,
                        "quantities": basis["quantities"],
                    }
                }
            ) %}
        {% endif %}
    {% endfor %}
    {{ return(present) }}
{% endmacro %}
