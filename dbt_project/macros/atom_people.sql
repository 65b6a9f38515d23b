{# What each person counts for in each atom, by quantity and role: rows of the ledger, each clipped, added up. Only what is not nothing. #}
{% macro atom_people(table_name, quantities) %}
    select
        period_start, atom_id, quantity, role, person_key, {{ total("value") }} as value
    from ({{ atom_lines(table_name, quantities) }}) as lines
    where value > 0
    group by period_start, atom_id, quantity, role, person_key
{% endmacro %}
