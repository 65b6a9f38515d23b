"""How work is spread among the people of an atom and of its parents: a band of the Gini coefficient, as SQL.

G = sum((2 i - n - 1) x_i) / (n sum(x)), x ascending (Gini; the form of the Handbook of Income Distribution). Told
from twice the quorum of contributors and twice the quorum and one of the roster; in whole numbers, so that no float
decides a band.
"""

OWN = """
select v.period_start, v.atom_id, v.person_key, v.value,
    count(*) over (partition by v.period_start, v.atom_id) as contributors
from gate_clipped as v
join gate_atoms as a on a.period_start = v.period_start and a.atom_id = v.atom_id
cross join gate_policy
where v.quantity = '{evidence}' and v.role = '{role}' and a.roster >= 2 * k + 1
qualify contributors >= 2 * k
"""
BANDS = """
with families as (
    select f.period_start, f.unit_id, f.atom_id, count(*) over (partition by f.period_start, f.unit_id) as atoms
    from gate_family as f
    join (select distinct period_start, atom_id from {own}) as o
        on o.period_start = f.period_start and o.atom_id = f.atom_id
    where f.is_parent
),
people as (
    select period_start, atom_id as unit_id, person_key, value from {own}
    union all
    select f.period_start, f.unit_id, o.person_key, sum(o.value)
    from families as f
    join {own} as o on o.period_start = f.period_start and o.atom_id = f.atom_id
    where f.atoms >= 2
    group by f.period_start, f.unit_id, o.person_key
),
placed as (
    select *, row_number() over (partition by period_start, unit_id order by value) as i,
        count(*) over (partition by period_start, unit_id) as n
    from people
),
coefficients as (
    select period_start, unit_id, sum((2 * i - n - 1) * value) as above, any_value(n) * sum(value) as below
    from placed
    group by period_start, unit_id
)
select c.period_start, c.unit_id, '{column}' as column_name, max(s.place)::double as value
from coefficients as c
join gate_spreads as s on 100 * c.above >= s.least * c.below
group by c.period_start, c.unit_id
"""
