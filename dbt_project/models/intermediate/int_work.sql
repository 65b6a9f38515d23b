{% for work in works() %}
    {% set times = work["times"] | join(", ") %}
    {% set is_one = work["times"] | length == 1 %}
    select
        '{{ work["stream"] }}' as stream,
        {{ work.get("account", "cast(null as varchar)") }} as account_key,
        {{ work.get("is_machine", "false") }} as is_machine,
        {{ work.get("worked_at", "cast(null as timestamp)") }} as worked_at,
        {{ times if is_one else "least(" ~ times ~ ")" }} as first_at,
        {{ times if is_one else "greatest(" ~ times ~ ")" }} as last_at
    from {{ ref(work["model"]) }}
    {% if not loop.last %}
        union all
    {% endif %}
{% endfor %}
