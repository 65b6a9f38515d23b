{#
    The CTE `leaf_quantities` of `atoms`: `leaves`, one row a quantity, with the number of contributors (n), their total (s) and the three
    largest, clipped, in hundredths. Without the clip of a quantity there is no contribution in it, so nothing is safe.
#}
{% macro atoms_quantities(ledger, constants, quantities) %}
    clips as (
        select asked.table_name, asked.period_start, quantities.quantity, constants.clip
        from asked
        join {{ quantities }} as quantities on quantities.table_name = asked.table_name
        left join
            {{ constants }} as constants
            on constants.table_name = asked.table_name
            and constants.quantity = quantities.quantity
            and constants.iso_year = asked.iso_year
    ),
    contributions as (
        select
            clips.table_name,
            clips.period_start,
            clips.quantity,
            ledger.team_id,
            ledger.person_key,
            {{ clipped("ledger.value", "clips.clip") }} as value
        from clips
        join
            {{ ledger }} as ledger
            on ledger.table_name = clips.table_name
            and ledger.period_start = clips.period_start
            and ledger.quantity = clips.quantity
        where ledger.value > 0 and clips.clip is not null
    ),
    leaf_stats as (
        {{ top_three("contributions", "table_name, period_start, quantity, team_id") }}
    ),
    leaf_quantities as (
        select
            leaves.*,
            clips.quantity,
            coalesce(stats.n, 0) as n,
            coalesce(stats.s, 0) as s,
            coalesce(stats.x1, 0) as x1,
            coalesce(stats.x2, 0) as x2,
            coalesce(stats.x3, 0) as x3
        from leaves
        join
            clips
            on clips.table_name = leaves.table_name
            and clips.period_start = leaves.period_start
        left join
            leaf_stats as stats
            on stats.table_name = leaves.table_name
            and stats.period_start = leaves.period_start
            and stats.team_id = leaves.team_id
            and stats.quantity = clips.quantity
    )
{% endmacro %}
