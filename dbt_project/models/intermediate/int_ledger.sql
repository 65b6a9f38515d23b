{{
    config(
        materialized="incremental",
        incremental_strategy="by_period",
        unique_key=["table_name", "period_start"],
        full_refresh=false,
        on_schema_change="append_new_columns",
    )
}}
{% set entries = [] %}
{% for table_name, basis in bases().items() %}
    {% for entry in basis["ledger"] %}
        {% set name = table_name ~ "_" ~ loop.index %}
        {% do entries.append(dict(entry, table_name=table_name, name=name)) %}
    {% endfor %}
{% endfor %}
with
    {% for entry in entries if "account" in entry %}
        {{ entry["name"] }} as (
            {{
                home_team(
                    entry["table_name"],
                    ref(entry["model"]),
                    entry["account"],
                    entry["at"],
                )
            }}
        ),
    {% endfor %}
    {% for entry in entries %}
        {% set person = entry["person"] | default("person_key") %}
        {% set relation = (
            entry["name"] if "account" in entry else ref(entry["model"])
        ) %}
        {{ entry["name"] }}_sums as (
            select
                period_start,
                team_id,
                {{ person }} as person_key
                {% for quantity, value in entry["lines"].items() %}
                    ,
                    {{ total(value) }} as {{ quantity }},
                    count({{ value }}) as {{ quantity }}_count
                {% endfor %}
            from {{ relation }}
            where {{ person }} is not null
            group by period_start, team_id, {{ person }}
        ),
    {% endfor %}
    worked as (
        {% for entry in entries %}
            {% set is_last = loop.last %}
            {% for quantity in entry["lines"] %}
                select
                    '{{ entry["table_name"] }}' as table_name,
                    '{{ quantity }}' as quantity,
                    '{{ entry["role"] }}' as role,
                    period_start,
                    team_id,
                    person_key,
                    {{ quantity }} as value
                from {{ entry["name"] }}_sums
                where {{ quantity }}_count > 0
                {% if not (loop.last and is_last) %}
                    union all
                {% endif %}
            {% endfor %}
        {% endfor %}
    )
select table_name, quantity, role, period_start, team_id, person_key, value
from worked
