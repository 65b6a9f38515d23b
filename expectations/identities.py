"""Which published sums are a linear combination of others: exact, by the rank of their Gram matrix.

Each additive column is a vector with one entry a person and period. A combination of columns that is nil for
everybody is an identity that a reader can solve (merged minus deployed), and has to be registered. Exact whole
numbers: the sums of products have the rank of the vectors (Gram), and fractions do not round. Columns without enough
person-periods are left out: nearly empty ones agree by chance.

Two columns that are the same for everybody (a machine deploys each change by itself: deployments are changes) tell
nothing beside each other while their atoms are the same: what is looked at holds the year of which clips and bases are
made, so those are the same too, and both tables show the same number. Where an atom of one lies across an atom of the
other, subtracting reaches inside: then they are refused as any other.
"""

from fractions import Fraction

import duckdb

from expectations.measures import IDENTITIES, TABLES
from expectations.scope import Case, build, literal

Row = list[Fraction]
ACROSS = """
with atoms as (
    select table_name, period_start, unit_id, list_sort(list(team_id)) as teams
    from vault.protected.cells
    where period_start in (select period_start from gate_proving)
    group by all
),
placed as (select atoms.*, unnest(teams) as team_id from atoms)
select count(*)
from placed as one
join placed as other on other.period_start = one.period_start and other.team_id = one.team_id
where one.table_name = ? and other.table_name = ? and one.teams <> other.teams
"""
"""How many teams lie in an atom of one table that is not their atom of the other."""


def identities(case: Case) -> None:
    """`gate_dependent`: each column of the table that the other registered ones determine, unless it is registered."""
    columns = [
        (table.name, measure.evidence, measure.roles[0].name, measure.column)
        for table in TABLES
        for measure in table.measures
        if measure.additive
    ]
    try:
        proving = case.connection.execute("select period_start from gate_proving order by 1").fetchall()
        key = "gram", tuple(proving), case.policy.clip_person_periods
        names, gram = case.once(key, lambda: _gram(case, columns))
        mine = {measure.column for measure in case.table.measures}
        known = [set(identity.terms) for identity in IDENTITIES]
        found = [
            terms
            for terms in dependencies(names, gram)
            if terms & mine and terms not in known and not (same(terms, names, gram) and _alike(case, terms))
        ]
    except duckdb.Error:
        return
    rows: list[tuple[object, ...]] = [(column,) for column in sorted(set().union(*found) & mine)]
    build(case, [("gate_dependent", literal(rows, "column_name varchar"))])


def dependencies(names: list[str], gram: list[Row]) -> list[set[str]]:
    """The smallest sets of columns with a combination that is nil: one for each column that depends on those before.

    Gauss elimination of [Gram | unit matrix], row by row; shapes (n, n) and (n, n).
    """
    kept: list[tuple[int, Row, Row]] = []
    found = []
    for at, row in enumerate(gram):
        rest, how = list(row), [Fraction(int(i == at)) for i in range(len(names))]
        for pivot, other, its in kept:
            factor = rest[pivot] / other[pivot]
            rest = [a - factor * b for a, b in zip(rest, other, strict=True)]
            how = [a - factor * b for a, b in zip(how, its, strict=True)]
        pivots = [i for i, value in enumerate(rest) if value]
        if pivots:
            kept.append((pivots[0], rest, how))
        else:
            found.append({names[i] for i, value in enumerate(how) if value})
    return found


def same(terms: set[str], names: list[str], gram: list[Row]) -> bool:
    """Whether these are two columns with the same entries: the sum of the squares of their differences is nil."""
    if len(terms) != 2:
        return False
    a, b = sorted(map(names.index, terms))
    return gram[a][a] + gram[b][b] == 2 * gram[a][b]


def _alike(case: Case, terms: set[str]) -> bool:
    """Whether no atom of one column's table lies across an atom of the other's, in all periods that are looked at."""
    tables = [table.name for table in TABLES for measure in table.measures if measure.column in terms]
    return case.connection.execute(ACROSS, tables).fetchone() == (0,)


def _gram(case: Case, columns: list[tuple[str, str, str, str]]) -> tuple[list[str], list[Row]]:
    """Names and sums of products, of the columns that enough person-periods have."""
    picked = ", ".join(
        f"coalesce(sum(value) filter (where table_name = '{table}' and quantity = '{quantity}' and role = '{role}'), 0)"
        f"::hugeint as {column}"
        for table, quantity, role, column in columns
    )
    wide = f"""
        select {picked}
        from vault.intermediate.int_ledger
        where period_start in (select period_start from gate_proving)
        group by period_start, person_key
    """
    names = [column for *_, column in columns]
    counts = ", ".join(f"count(*) filter (where {name} <> 0)" for name in names)
    pairs = [(a, b) for a in range(len(names)) for b in range(a + 1)]
    products = ", ".join(f"coalesce(sum({names[a]} * {names[b]}), 0)" for a, b in pairs)
    found = case.connection.execute(f"select {counts}, {products} from ({wide})").fetchone() or ()
    sums = dict(zip(pairs, map(int, found[len(names) :]), strict=True))
    enough = [i for i in range(len(names)) if found[i] >= case.policy.clip_person_periods]
    gram = [[Fraction(sums[max(a, b), min(a, b)]) for b in enough] for a in enough]
    return [names[i] for i in enough], gram
