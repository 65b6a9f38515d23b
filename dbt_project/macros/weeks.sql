{#
    The UTC weeks that each period of a relation touches, six at most: week_start beside its `columns`. So a moment is looked up in its period by
    its week, which hashes, instead of by two comparisons, which do not; in which period of a week it lies, they tell.
#}
{% macro weeks(periods, columns) %}
    {% set listed = columns | join(", ") %}
    {% set first_week = dbt.date_trunc("week", "starts_at") %}
    {% for week in range(6) %}
        {% set week_start = first_week ~ " + interval " ~ 7 * week ~ " day" %}
        select {{ listed }}, starts_at, ends_at, {{ week_start }} as week_start
        from {{ periods }}
        where {{ week_start }} < ends_at
        {% if not loop.last %}
            union all
        {% endif %}
    {% endfor %}
{% endmacro %}
