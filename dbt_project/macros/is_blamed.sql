{# Whether an incident whose cause nobody told is blamed on a deployment: the last one of its service, for a day. #}
{% macro is_blamed(incidents, deployments) -%}
    {{ deployments }}.service_key = {{ incidents }}.service_key
    and {{ incidents }}.opened_at >= {{ deployments }}.finished_at
    and {{ incidents }}.opened_at <= {{ deployments }}.finished_at + interval 1 day
    and (
        {{ deployments }}.next_finished_at is null
        or {{ incidents }}.opened_at < {{ deployments }}.next_finished_at
    )
{%- endmacro %}
