{#
    The rows of a relation whose change or issue was touched since what tonight looks at, by `at`, when it was last: all rows of one are written
    again whenever it is read. A day of grace, for clocks that differ; rows that do not know are looked at every night. Two halves, so that a
    database which knows the least and the largest of each block of rows passes over those that are older.
#}
{% macro touched(relation, at, columns) %}
    select {{ columns | join(", ") }}
    from {{ relation }}
    where
        {{ at }} >= (
            select watched.since - interval 1 day
            from {{ ref("int_watched") }} as watched
        )
    union all
    select {{ columns | join(", ") }}
    from {{ relation }}
    where {{ at }} is null
{% endmacro %}
