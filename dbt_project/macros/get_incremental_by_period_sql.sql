{#
    The incremental strategy `by_period`: every period that is still open is taken out, tonight's candidates are written, sealed ones are left alone
    (they are candidates where a model is built by itself after a release, beside the int_periods of the night).
    dbt's own delete+insert takes out only what it writes again: a period that has become empty, or is no candidate any more, would keep its old rows.
    Open is what comes after the last sealed period of the table: what was passed over is history, and counts as such.
    A model of one table names it in `meta.table_name`; a model of many has the column table_name.
#}
{% macro get_incremental_by_period_sql(arguments) %}
    {% set target = arguments["target_relation"] %}
    {% set columns = (
        arguments["dest_columns"] | map(attribute="quoted") | join(", ")
    ) %}
    {% set table_name = config.get("meta", {}).get("table_name") %}
    {# sqlfmt does not know these two statements: they are handed to it as text. #}
    {{ "delete from " ~ target }}
    where {{ is_open(target, table_name) }}
    ;
    {{ "insert into " ~ target ~ " (" ~ columns ~ ")" }}
    select {{ columns }}
    from {{ arguments["temp_relation"] }} as made
    where {{ is_open("made", table_name) }}
{% endmacro %}

{# A marts' table names itself, so that one bound tells the whole: its sealed rows are not read. #}
{% macro is_open(relation, table_name) %}
    {% if table_name %}
        period_start > (
            select coalesce(max(sealed.period_start), cast('0001-01-01' as date))
            from {{ source("ops", "sealed") }} as sealed
            where sealed.table_name = '{{ table_name }}'
        )
    {% else %}
        not exists (
            select 1
            from {{ source("ops", "sealed") }} as sealed
            where
                sealed.period_start >= {{ relation }}.period_start
                and sealed.table_name = {{ relation }}.table_name
        )
    {% endif %}
{% endmacro %}
