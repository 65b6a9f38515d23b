{#
    CTEs of `protect_shares`, ending with `<name>_shown`: period_start, atom_id and part of each stage that an atom shows by itself.

    A stage with a column stands alone when it hides its people in every role that somebody has there. All others count as one, person by person; while those do not hide
    theirs, the last of the safe stages joins them, so that coding is shown longest. `cut` is the first that had to. Nothing and few look alike: others
    without anybody hide nobody.
#}
{% macro stages_alone(name, stages) %}
    {% set hidden %}
        min(case when {{ hides_its_people() }} then 1 else 0 end) = 1
        and max(case when role = '{{ stages[0]["roles"][0] }}' then 1 else 0 end) = 1
    {% endset %}
    {{ name }}_stats as (
        {{ top_three(name ~ "_people", "period_start, atom_id, part, role") }}
    ),
    {{ name }}_alone as (
        select stats.period_start, stats.atom_id, stats.part
        from {{ name }}_stats as stats
        join
            atom_totals as totals
            on totals.period_start = stats.period_start
            and totals.atom_id = stats.atom_id
        where
            totals.event_count >= {{ var("policy")["rate_events"] }}
            and stats.part
            <= {{ stages | selectattr("column", "defined") | list | length }}
        group by stats.period_start, stats.atom_id, stats.part
        having {{ hidden }}
    ),
    {{ name }}_counts as (
        select period_start, atom_id, count(*) as alone, min(part) as first_part
        from {{ name }}_alone
        group by period_start, atom_id
    ),
    {{ name }}_cuts as (
        select period_start, atom_id, {{ stages | length + 1 }} as cut
        from {{ name }}_counts
        where alone < {{ stages | length }}
        union all
        select alone.period_start, alone.atom_id, alone.part as cut
        from {{ name }}_alone as alone
        join
            {{ name }}_counts as counts
            on counts.period_start = alone.period_start
            and counts.atom_id = alone.atom_id
            and counts.first_part < alone.part
            and counts.alone < {{ stages | length }}
    ),
    {{ name }}_together as (
        select
            cuts.period_start,
            cuts.atom_id,
            cuts.cut,
            people.role,
            people.person_key,
            {{ total("people.value") }} as value
        from {{ name }}_cuts as cuts
        join
            {{ name }}_people as people
            on people.period_start = cuts.period_start
            and people.atom_id = cuts.atom_id
        left join
            {{ name }}_alone as alone
            on alone.period_start = people.period_start
            and alone.atom_id = people.atom_id
            and alone.part = people.part
        where alone.part is null or people.part >= cuts.cut
        group by
            cuts.period_start, cuts.atom_id, cuts.cut, people.role, people.person_key
    ),
    {{ name }}_others as (
        {{ top_three(name ~ "_together", "period_start, atom_id, cut, role") }}
    ),
    {{ name }}_hidden as (
        select period_start, atom_id, cut
        from {{ name }}_others
        group by period_start, atom_id, cut
        having {{ hidden }}
    ),
    {{ name }}_cut as (
        select period_start, atom_id, max(cut) as cut
        from {{ name }}_hidden
        group by period_start, atom_id
        union all
        select period_start, atom_id, {{ stages | length + 1 }} as cut
        from {{ name }}_counts
        where alone = {{ stages | length }}
    ),
    {{ name }}_shown as (
        select alone.period_start, alone.atom_id, alone.part
        from {{ name }}_alone as alone
        join
            {{ name }}_cut as cuts
            on cuts.period_start = alone.period_start
            and cuts.atom_id = alone.atom_id
            and cuts.cut > alone.part
    )
{% endmacro %}
