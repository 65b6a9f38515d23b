{# The events of a mart by atom, with the people of each role: what percentiles and rates are made of. Without the column there is no event. #}
{% macro atom_events(mart, column, expression, roles) %}
    select
        atoms.period_start,
        atoms.atom_id,
        {{ expression }},
        {% for role in roles %}
            events.{{ role }}{% if not loop.last %}, {% endif %}
        {% endfor %}
    from atoms
    join
        {{ mart }} as events
        on events.period_start = atoms.period_start
        and events.team_id = atoms.team_id
    where events.{{ column }} is not null
{% endmacro %}
