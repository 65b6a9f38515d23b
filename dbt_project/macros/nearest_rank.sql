{# The value at the nearest rank of a quantile, in hundredths: the least of a group that so many of its values do not exceed (is_at_rank). #}
{% macro nearest_rank(value, quantile) -%}
    {{ return(adapter.dispatch("nearest_rank", "quorum")(value, quantile)) }}
{%- endmacro %}

{% macro default__nearest_rank(value, quantile) -%}
    percentile_disc(0.{{ quantile }}) within group (order by {{ value }})
{%- endmacro %}

{% macro duckdb__nearest_rank(value, quantile) -%}
    quantile_disc({{ value }}, 0.{{ quantile }})
{%- endmacro %}
