"""The gate's own values: what each published cell has to be, worked out from ledger and marts by the published rules.

Counts and sums add the rounded atoms. What is no sum (percentile, rate, shares, spread) is computed for an atom when
enough people stand behind it in every role it shows; a parent pools those atoms alone whose own value is published,
two at least. A trend follows from the sums.
"""

from expectations import percentiles, rates, shares, spreads, trends
from expectations.measures import Kind, Measure, Table
from expectations.scope import Case

Steps = list[tuple[str, str]]


def expected(case: Case) -> Steps:
    """`gate_expected`: unit, column and value; a unit that no atom stands in has no row here."""
    steps: Steps = [("gate_sums", SUMS)]
    parts = ["select * from gate_sums"]
    for measure in case.table.of_kind(Kind.PERCENTILE, Kind.RATE):
        names = _names(case.table, measure)
        sql = percentiles if measure.kind is Kind.PERCENTILE else rates
        steps += [
            (names["events"], sql.EVENTS.format(**names)),
            (names["sides"], sql.SIDES.format(**names)),
            (names["own"], sql.OWN.format(**names)),
        ]
        parts += [OWN.format(**names), sql.POOLED.format(**names)]
    for group, measures in case.table.groups.items():
        names = _group(case.table, group, measures)
        for step, query in (("standing", shares.STANDING), ("joined", shares.JOINED), ("parts", shares.PARTS)):
            steps.append((f"{names['stem']}_{step}", query.format(**names)))
        steps.append((f"{names['stem']}_above", shares.ABOVE.format(**names)))
        parts.append(shares.STEPS.format(**names))
    for measure in case.table.of_kind(Kind.SPREAD):
        names = _names(case.table, measure) | {"role": measure.roles[0].name}
        steps.append((names["own"], spreads.OWN.format(**names)))
        parts.append(spreads.BANDS.format(**names))
    for measure in case.table.of_kind(Kind.TREND):
        parts.append(trends.TREND.format(column=measure.column, evidence=measure.evidence, against=measure.against))
    return [*steps, ("gate_expected", " union all ".join(f"({part})" for part in parts)), ("gate_sizes", SIZES)]


def _group(table: Table, group: str, measures: tuple[Measure, ...]) -> dict[str, str]:
    """What the templates of shares are filled with."""
    return {
        "stem": f"gate_{group}",
        "columns": ", ".join(f"'{measure.column}'" for measure in measures if measure.evidence),
        "other": measures[-1].column,
        "last": str(len(table.measures)),
        "count": str(table.count),
    }


def _names(table: Table, measure: Measure) -> dict[str, str]:
    """What the templates below are filled with: declared names only."""
    people = ", ".join(f"m.{role.person}" for role in measure.roles)
    stem = f"gate_{measure.column}"
    side = "flag, " if measure.kind is Kind.RATE else "value, "
    roles = " union all ".join(
        f"select period_start, atom_id, {side}{number} as role, {role.person} as person "
        f"from {stem}_events where {role.person} is not null"
        for number, role in enumerate(measure.roles)
    )
    return {
        "mart": f"vault.marts.{table.mart}",
        "percent": str(round(100 * measure.quantile)),
        "needed": percentiles.EVENTS_NEEDED[measure.quantile],
        "evidence": measure.evidence,
        "unit": measure.unit,
        "column": measure.column,
        "count": str(table.count),
        "people": people,
        "first": measure.roles[0].person,
        "roles": roles,
        "events": f"{stem}_events",
        "sides": f"{stem}_sides",
        "own": f"{stem}_own",
    }


SUMS = """
select f.period_start, f.unit_id, s.column_name, sum(s.rounded)::double as value
from gate_family as f
join gate_safety as s on s.period_start = f.period_start and s.atom_id = f.atom_id
group by f.period_start, f.unit_id, s.column_name
"""
OWN = "select period_start, atom_id, '{column}', value from {own}"

SIZES = """
with leaves as (
    select l.period_start, n.ancestor_id as unit_id, l.team_id
    from gate_leaves as l
    join gate_ancestors as n on n.period_start = l.period_start and n.unit_id = l.team_id
    union all select period_start, atom_id, team_id from gate_cells where starts_with(atom_id, 'rest:')
),
heads as (
    select l.period_start, l.unit_id, count(distinct m.person_key) as people
    from leaves as l
    join gate_members as m on m.period_start = l.period_start and m.team_id = l.team_id
    group by l.period_start, l.unit_id
)
select g.period_start, g.unit_id, max_by(b.size_band, b.least) as size_band
from gate_grid as g
left join heads as h on h.period_start = g.period_start and h.unit_id = g.unit_id
join gate_bands as b on b.least <= coalesce(h.people, 0)
group by g.period_start, g.unit_id
"""
