{# The ledger's rows in each atom, of some quantities: `value` up to the clip, in hundredths, and the base by which their sum is rounded. #}
{% macro atom_lines(table_name, quantities) %}
    select
        atoms.period_start,
        atoms.atom_id,
        ledger.quantity,
        ledger.role,
        ledger.person_key,
        constants.base,
        {{ clipped("ledger.value", "constants.clip") }} as value
    from atoms
    join periods on periods.period_start = atoms.period_start
    join
        {{ ref("int_ledger") }} as ledger
        on ledger.table_name = '{{ table_name }}'
        and ledger.period_start = atoms.period_start
        and ledger.team_id = atoms.team_id
        and ledger.quantity in ('{{ quantities | join("', '") }}')
    join
        {{ ref("int_constants") }} as constants
        on constants.table_name = '{{ table_name }}'
        and constants.quantity = ledger.quantity
        and constants.role = ledger.role
        and constants.iso_year = periods.iso_year
{% endmacro %}
