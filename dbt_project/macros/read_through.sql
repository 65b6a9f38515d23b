{# When the stream behind a raw table was last read to its end, for `dbt source freshness`: raw rows carry no time of loading, and a quiet
   weekend is not a fault. The roster's tables are read together, as one stream of that name. #}
{% macro read_through() %}
    select max(read_through) as read_through
    from {{ this.database }}.ops.reads
    where
        system = '{{ model.source_name }}'
        and stream in (
            '{{ model.name | replace(model.source_name ~ "_", "", 1) }}',
            '{{ model.source_name }}'
        )
{% endmacro %}
