"""A simulated company in a vault, with what the oracle publishes of it: what the auditor reads, and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction

import duckdb

from expectations.measures import table_named
from tests.attacks.simulation import YEAR, Simulated
from tests.oracle import Block, Cells, Constants, Rows, Table, constants, half_even, publish

DDL = """
attach ':memory:' as vault;
create schema vault.ops; create schema vault.intermediate; create schema vault.protected;
create table vault.ops.calendar(period_start date, period_end date, iso_year integer);
create table vault.intermediate.int_units(period_start date, unit_id varchar, parent_id varchar, unit_level varchar);
create table vault.intermediate.int_members(period_start date, team_id varchar, person_key varchar);
create table vault.intermediate.int_ledger(table_name varchar, quantity varchar, role varchar, period_start date,
    team_id varchar, person_key varchar, value bigint);
create table vault.intermediate.int_constants(table_name varchar, quantity varchar, role varchar, iso_year integer,
    clip double, base bigint);
create table vault.protected.cells(table_name varchar, period_start date, unit_id varchar, team_id varchar);
"""


@dataclass
class Release:
    """Rows and cells of one table, to be looked at, spoiled and put into a vault."""

    table: Table
    rows: Rows
    cells: Cells
    rules: Mapping[tuple[str, int], Constants] = field(default_factory=dict)


def released(company: Simulated, name: str) -> Release:
    """What the oracle publishes of the additive columns of a table after the first year."""
    quantities = tuple(measure.evidence for measure in table_named(name).measures if measure.additive)
    table = Table(name, quantities)
    rows, cells = publish(table, company.blocks)
    first = company.blocks[YEAR].start
    rules = {
        (quantity, year): rule
        for quantity in quantities
        for year in sorted({block.iso_year for block in company.blocks[YEAR:]})
        if (rule := constants(company.blocks, quantity, year))
    }
    kept = {key: row for key, row in rows.items() if key[0] >= first}
    return Release(table, kept, {cell for cell in cells if cell[1] >= first}, rules)


def naive(company: Simulated, release: Release, step: int) -> Release:
    """What merging is there to prevent: a row for every team, rounded to a step of one's choice."""
    rules = {key: replace(rule, base=step) for key, rule in release.rules.items()}
    (quantity,) = release.table.quantities
    rows: Rows = {}
    cells: Cells = set()
    for block in company.blocks[YEAR:]:
        clip = rules[quantity, block.iso_year].clip
        for team in (name for name, unit in block.units.items() if unit.level == "team"):
            amount = sum(min(Fraction(value), clip) for value in block.did[quantity].get(team, {}).values())
            rows[block.start, team] = {quantity: half_even(Fraction(amount), step)}
            cells.add((release.table.name, block.start, team, team))
    return Release(release.table, rows, cells, rules)


def vault(company: Simulated, releases: Sequence[Release]) -> duckdb.DuckDBPyConnection:
    """A connection with the company, its ledger and these releases in `vault`."""
    connection = duckdb.connect()
    connection.execute(DDL)
    fill(connection, "vault.ops.calendar", [(block.start, block.end, block.iso_year) for block in company.blocks])
    for block in company.blocks[YEAR:]:
        units = [(block.start, name, unit.parent, unit.level) for name, unit in block.units.items()]
        members = [(block.start, team, person) for team, people in block.members.items() for person in people]
        fill(connection, "vault.intermediate.int_units", units)
        fill(connection, "vault.intermediate.int_members", members)
        for release in releases:
            fill(connection, "vault.intermediate.int_ledger", ledger(release.table, block))
    for release in releases:
        name, roles = release.table.name, roles_of(release.table.name)
        rules = [(name, q, roles[q], year, float(rule.clip), rule.base) for (q, year), rule in release.rules.items()]
        fill(connection, "vault.intermediate.int_constants", rules)
        put(connection, release)
    return connection


def roles_of(table: str) -> dict[str, str]:
    """Whose conduct each quantity of a table shows."""
    return {measure.evidence: measure.roles[0].name for measure in table_named(table).measures}


def ledger(table: Table, block: Block) -> list[tuple[object, ...]]:
    roles = roles_of(table.name)
    return [
        (table.name, quantity, roles[quantity], block.start, team, person, value)
        for quantity in table.quantities
        for team, people in block.did[quantity].items()
        for person, value in people.items()
    ]


def put(connection: duckdb.DuckDBPyConnection, release: Release, schema: str = "vault.protected") -> None:
    """The published rows of a table, under its name in a schema, beside what is there."""
    names, name = release.table.quantities, release.table.name
    columns = ", ".join(f"{quantity} double" for quantity in names)  # exact for rivals too, which do not round
    connection.execute(f"create table if not exists {schema}.{name}(period_start date, unit_id varchar, {columns})")
    rows = [(start, unit, *(row[quantity] for quantity in names)) for (start, unit), row in release.rows.items()]
    fill(connection, f"{schema}.{name}", rows)
    fill(connection, f"{schema}.cells", sorted(release.cells))


def fill(connection: duckdb.DuckDBPyConnection, name: str, rows: Iterable[tuple[object, ...]]) -> None:
    listed = list(rows)
    if listed:
        lists = ", ".join(f"unnest(${at + 1})" for at in range(len(listed[0])))
        columns = [list(column) for column in zip(*listed, strict=True)]
        connection.execute(f"insert into {name} select {lists}", columns)
