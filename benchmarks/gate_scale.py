"""The whole gate over one new period of a large company: seconds and peak memory, table by table, in one process,
and the auditor's over all of them.

`python -m benchmarks.gate_scale [teams]`: 2,000 teams of 4 to 12 in 200 groups of 20 divisions, 26 blocks of ledger,
the last one new. The candidate is what the gate itself expects of a partition chosen here, so that it passes: a gate
that stumbles early would look fast. The first table bears the import of Great Expectations.
"""

import datetime as dt
import sys
import time
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb

from expectations.attacker.audit import audit
from expectations.detectors import Identifiers
from expectations.gate import judged as judgement_of
from expectations.gate import proofs
from expectations.measures import TABLES, VOCABULARY, Kind, Table
from expectations.policy import Policy
from expectations.scope import Case, Shared
from orchestration.audit import violations

FIRST = dt.date(2024, 12, 2)
BLOCKS = [FIRST + dt.timedelta(weeks=4 * i) for i in range(26)]
LAST = BLOCKS[-1]
LIMIT = "512MB"
COMPANY = """
create schema vault.ops; create schema vault.intermediate; create schema vault.marts; create schema vault.protected;
create table vault.ops.clock as select timestamp '2027-02-01' as as_of;
create table vault.ops.sealed(table_name varchar, period_start date, digest varchar, release_id varchar);
create table vault.ops.releases(release_id varchar, policy varchar);
create table vault.ops.calendar as
    select (date '{first}' + (28 * i)::integer) as period_start, period_start + 27 as period_end,
        isoyear(period_start) as iso_year, (i + 12) % 13 + 1 as block
    from range(26) as r(i);
create table company as
    select 't' || t as team_id, 'g' || t // 10 as group_id, 'd' || t // 100 as division_id, 4 + t % 9 as people
    from range({teams}) as r(t);
create table vault.intermediate.int_units as
    with tree as (
        select distinct 'acme' as unit_id, null as parent_id, 'org' as unit_level from company
        union all select distinct division_id, 'acme', 'group' from company
        union all select distinct group_id, division_id, 'group' from company
        union all select team_id, group_id, 'team' from company
    )
    select c.period_start, t.*, 'Unit' as unit_name from tree as t cross join vault.ops.calendar as c;
create table vault.intermediate.int_members as
    select c.period_start, p.team_id, p.team_id || '-' || i as person_key
    from company as p, range(12) as r(i), vault.ops.calendar as c
    where i < p.people;
create table vault.ops.roster_units as
    select period_start as block_start, unit_id, parent_id, unit_level from vault.intermediate.int_units;
create table vault.ops.roster_members as
    select period_start as block_start, person_key, team_id as unit_id, date '2020-01-06' as valid_from
    from vault.intermediate.int_members;
create table vault.intermediate.int_ledger(table_name varchar, quantity varchar, role varchar, period_start date,
    team_id varchar, person_key varchar, value bigint);
create table vault.intermediate.int_constants(table_name varchar, quantity varchar, role varchar, iso_year integer,
    clip double, base bigint);
create table vault.protected.cells(table_name varchar, period_start date, unit_id varchar, team_id varchar);
"""
LEDGER = """
insert into vault.intermediate.int_ledger
select '{table}', '{quantity}', '{role}', period_start, team_id, person_key,
    1 + hash(period_start, person_key, '{quantity}{role}') % {most}
from vault.intermediate.int_members
"""
MART = """
create table vault.marts.{mart} as
select period_start, team_id, person_key || i as event_key, {people}, {evidence}
from vault.intermediate.int_members, range(6) as r(i)
where period_start >= date '{last}' - 28
"""
CELLS = """
insert into vault.protected.cells
with big as (select *, people >= 9 as is_alone from company)
select '{table}', date '{last}', if(is_alone, team_id, 'rest:' || group_id), team_id from big
"""
CONSTANTS = """
insert into vault.intermediate.int_constants
select '{table}', quantity, role, iso_year, clip / 100, base from gate_constants
"""
PUBLISHED = """
create table vault.protected.{table} as
select period_start, p.period_end, unit_id, g.unit_level,
    if(f.unit_id is null, 'withheld', 'published') as status, s.size_band, {columns}
from gate_grid as g
join gate_periods as p using (period_start)
left join (select distinct period_start, unit_id from gate_family) as f using (period_start, unit_id)
left join gate_sizes as s using (period_start, unit_id)
left join (pivot gate_expected on column_name using any_value(value) group by period_start, unit_id) as e
    using (period_start, unit_id)
"""


def company(teams: int, folder: str) -> duckdb.DuckDBPyConnection:
    """A vault in a file: tree, roster, 26 blocks of ledger and the last marts."""
    connection = duckdb.connect(config={"memory_limit": LIMIT, "threads": "2", "temp_directory": folder})
    connection.execute(f"attach '{folder}/vault.duckdb' as vault")
    connection.execute(COMPANY.format(first=FIRST, teams=teams))
    for table in LEDGERED_TABLES:
        for quantity, role in {(m.evidence, one.name) for m in table.measures for one in m.roles if m.evidence}:
            if any(m.evidence == quantity for m in table.measures if m.kind in LEDGERED):
                most = 300_000 if quantity.endswith("_seconds") else 400 if "lines" in quantity else 12
                connection.execute(LEDGER.format(table=table.name, quantity=quantity, role=role, most=most))
        roles = sorted({one.person for measure in table.measures for one in measure.roles})
        events = {m.evidence: m.kind for m in table.measures if m.kind in (Kind.PERCENTILE, Kind.RATE)}
        connection.execute(
            MART.format(
                mart=table.mart,
                last=LAST,
                people=", ".join(f"person_key as {name}" for name in roles),
                evidence=", ".join(_event(name, kind) for name, kind in events.items()) or "true as is_there",
            )
        )
        connection.execute(CELLS.format(table=table.name, last=LAST))
    return connection


LEDGERED_TABLES = [table for table in TABLES if not table.is_derived]
LEDGERED = (Kind.COUNT, Kind.SUM, Kind.SHARE, Kind.SPREAD, Kind.TREND)


def _event(name: str, kind: Kind) -> str:
    number = f"hash(person_key, i, period_start, '{name}')"
    return f"{number} % 3 = 0 as {name}" if kind is Kind.RATE else f"({number} % 500000)::bigint as {name}"


def propose(connection: duckdb.DuckDBPyConnection, table: Table) -> None:
    """The candidate, by the gate's own expectation (what is measured is the judging, not who is right)."""
    types = dict(table.columns)
    columns = ", ".join(f"{_cell(m.column, m.kind)}::{types[m.column]} as {m.column}" for m in table.measures)
    empty = ", ".join(f"null::{kind} as {name}" for name, kind in types.items())
    connection.execute(f"create table vault.protected.{table.name} as select {empty} where false")
    case = Case(connection, table, Policy(), (LAST,))
    proofs(case)
    connection.execute(CONSTANTS.format(table=table.name))
    for measure in table.measures:
        connection.execute(
            f"insert into gate_expected select period_start, unit_id, '{measure.column}', null from gate_grid limit 1"
        )
    connection.execute(f"drop table vault.protected.{table.name}")
    connection.execute(PUBLISHED.format(table=table.name, columns=columns))


def _cell(column: str, kind: Kind) -> str:
    if kind not in VOCABULARY:
        return column
    words = " ".join(f"when {place} then '{word}'" for place, word in enumerate(VOCABULARY[kind]))
    return f"case {column} {words} end"


def main() -> None:
    """The number of teams may be given."""
    teams = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
    with TemporaryDirectory() as folder:
        judged(teams, folder)


def judged(teams: int, folder: str) -> None:
    """Make the company and its candidates, and judge them."""
    connection = company(teams, folder)
    [(people,)] = connection.execute(
        f"select count(*) from vault.intermediate.int_members where period_start = date '{LAST}'"
    ).fetchall()
    [(rows,)] = connection.execute("select count(*) from vault.intermediate.int_ledger").fetchall()
    say = sys.stdout.write
    say(f"{teams} teams, {people} people, {rows} rows of ledger in {len(BLOCKS)} blocks\n")
    for table in LEDGERED_TABLES:
        propose(connection, table)
    say(f"peak before judging: {_peak():.2f} GiB\n")
    Path("/proc/self/clear_refs").write_text("5")  # the peak begins anew
    known = Identifiers(f"Given{i} Family{i}" for i in range(people))
    shared: Shared = {}
    begun = _now()
    for table in LEDGERED_TABLES:
        before = _now()
        judgement = judgement_of(Case(connection, table, Policy(), (LAST,), shared), known)
        found = {(check.rule, one.column): one.count for check in judgement.checks for one in check.findings}
        say(f"{table.name}: {_since(before)}, {found or 'passed'}\n")
    before = _now()
    found = {(one.rule, one.column): one.count for one in violations(audit(connection, Policy(), (LAST,)))}
    say(f"audit: {_since(before)}, {found or 'passed'}\n")
    say(f"all: {_since(begun)}, peak {_peak():.2f} GiB\n")


def _now() -> tuple[float, float]:
    return time.monotonic(), time.process_time()


def _since(before: tuple[float, float]) -> str:
    wall, cpu = (now - then for now, then in zip(_now(), before, strict=True))
    return f"{wall:.1f} s, {cpu:.1f} of CPU"


def _peak() -> float:
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) / 2**20


if __name__ == "__main__":
    main()
