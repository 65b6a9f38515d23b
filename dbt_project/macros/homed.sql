{#
    What a table counts (home_team), as its first line of the ledger in bases() names it: its model, account and time. Nothing where none of the
    table's systems is configured.
#}
{% macro homed(table_name) %}
    {% set basis = bases().get(table_name) %}
    {% if basis %}
        {% set entry = basis["ledger"][0] %}
        {{ home_team(table_name, ref(entry["model"]), entry["account"], entry["at"]) }}
    {% endif %}
{% endmacro %}
