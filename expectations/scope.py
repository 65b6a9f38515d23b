"""What is judged: the candidate rows of a table, the periods they speak of, the tree, the atoms that `cells` claims.

Everything the rules read is put into temporary tables named `gate_…`, made anew for every table. A step that fails
(a column missing, a type that does not cast) leaves its tables out, and each rule that needs them then counts as
violated: what cannot be checked has not passed. The error itself is dropped: it could hold a value.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

import duckdb

from expectations import tree
from expectations.ladder import UNITS, rungs
from expectations.measures import BANDS, CELL_COLUMNS, LEVELS, SPREADS, STATUSES, VOCABULARY, Measure, Table
from expectations.policy import WORDS, Policy, is_zone

if TYPE_CHECKING:
    from collections.abc import Iterable

    from duckdb import DuckDBPyConnection

Answer = TypeVar("Answer")
Shared: TypeAlias = dict[object, Any]
"""What was asked of a vault and does not depend on the table: good as long as the vault stays as it is."""


@dataclass(frozen=True, slots=True)
class Case:
    """One table before the gate: the connection, the policy, and the periods asked for (None: all unsealed ones).

    Tables that are judged one after the other, over a vault that nobody else writes to, hand on what is `shared`.
    """

    connection: "DuckDBPyConnection"
    table: Table
    policy: Policy
    periods: tuple[date, ...] | None = None
    shared: Shared = field(default_factory=dict, repr=False, compare=False)

    def once(self, key: object, ask: Callable[[], Answer]) -> Answer:
        """The answer to what is the same for every table; the key names all that it depends on."""
        if key not in self.shared:
            self.shared[key] = ask()
        answer: Answer = self.shared[key]
        return answer

    @property
    def relation(self) -> str:
        """The protected twin: the candidate."""
        return f"vault.protected.{self.table.name}"


def build(case: Case, steps: "Iterable[tuple[str, str]]") -> None:
    """Make each (name, query) as a temporary table; what fails is left out, for the rules to stumble over."""
    for name, query in steps:
        try:
            case.connection.execute(f"create or replace temp table {name} as {query}")
        except duckdb.Error:
            case.connection.execute(f"drop table if exists temp.{name}")


def clear(case: Case) -> None:
    """Forget the tables of the case before: a stale one must not stand in for one that could not be made."""
    found = case.connection.execute(
        "select table_name from duckdb_tables() where temporary and table_name like 'gate\\_%' escape '\\'"
    ).fetchall()
    for (name,) in found:
        case.connection.execute(f"drop table temp.{name}")


def facts(case: Case) -> "list[tuple[str, str]]":
    """Policy, registry and ladder as relations, so that a rule is plain SQL."""
    policy = case.policy
    thresholds = ", ".join(
        f"{_number(getattr(policy, name))} as {name}" for name in policy.__slots__ if name not in WORDS
    )
    zone = policy.time_zone if is_zone(policy.time_zone) else "UTC"  # a wrong one is a broken floor
    broken = literal([(key,) for key in policy.broken()], "column_name varchar")
    return [
        ("gate_policy", f"select {thresholds}"),
        ("gate_broken", broken),
        ("gate_table", literal([(case.table.name,)], "table_name varchar")),
        ("gate_registered", literal(list(case.table.columns.items()), "column_name varchar, data_type varchar")),
        ("gate_levels", literal([(level,) for level in LEVELS], "unit_level varchar")),
        ("gate_statuses", literal([(status,) for status in STATUSES], "status varchar")),
        ("gate_fingerprint", literal([(policy.fingerprint,)], "fingerprint varchar")),
        ("gate_length", f"select {str(policy.period == 'week').lower()} as is_weekly"),
        ("gate_zone", literal([(zone,)], "time_zone varchar")),
        ("gate_bands", literal(list(BANDS), "size_band varchar, least bigint")),
        ("gate_spreads", literal(_bands(), "place bigint, least bigint")),
        ("gate_words", literal(_words(case), "column_name varchar, word varchar")),
        ("gate_ladder", literal(_ladder(), "unit varchar, least bigint, step double")),
        ("gate_columns", COLUMNS.format(relation=case.relation)),
        ("gate_cell_columns", COLUMNS.format(relation="vault.protected.cells")),
        ("gate_cell_registered", literal(list(CELL_COLUMNS.items()), "column_name varchar, data_type varchar")),
    ]


def candidates(case: Case) -> "list[tuple[str, str]]":
    """Rows, periods, units and claimed atoms of the case."""
    name = case.table.name
    if case.periods is None:
        asked = literal([], "period_start date")
        where = UNSEALED.format(name=name)
    else:
        asked = literal([(start.isoformat(),) for start in case.periods], "period_start date")
        where = "t.period_start in (select a.period_start from gate_asked as a)"
    return [
        ("gate_asked", asked),
        ("gate_rows", f"select t.* from {case.relation} as t where ({where}) or t.period_start is null"),
        ("gate_values", _long(case)),
        ("gate_texts", _texts(case)),
        ("gate_calendar", tree.CALENDAR),
        ("gate_frozen", tree.FROZEN),
        ("gate_periods", tree.PERIODS),
        ("gate_units", tree.UNITS),
        ("gate_leaves", tree.LEAVES),
        ("gate_placed", tree.PLACED),
        ("gate_homes", tree.HOMES),
        ("gate_past", tree.PAST),
        ("gate_ancestors", tree.ANCESTORS),
        ("gate_grid", tree.GRID),
        ("gate_cells", CELLS.format(name=name)),
    ]


def _ladder() -> "list[tuple[object, ...]]":
    return [(unit, *rung) for unit in UNITS for rung in rungs(unit)]


COLUMNS = "select column_name, column_type as data_type from (describe select * from {relation})"
# What reading a candidate of any shape can raise; the error is dropped, as it may quote a cell.
UNREADABLE = (duckdb.Error, ArithmeticError, LookupError, TypeError, ValueError)
UNSEALED = """not exists (
    select 1 from vault.ops.sealed as s where s.table_name = '{name}' and s.period_start = t.period_start
)"""
CELLS = """
select c.period_start, c.unit_id as atom_id, c.team_id
from vault.protected.cells as c
join gate_periods as p on p.period_start = c.period_start
where c.table_name = '{name}'
"""


def _long(case: Case) -> str:
    """The candidate's measures, one row a value; DOUBLE holds every declared number exactly, and a word's place."""
    return " union all ".join(
        f"select period_start, unit_id, '{measure.column}' as column_name, {_as_number(measure)} as value "
        "from gate_rows"
        for measure in case.table.measures
    )


def _as_number(measure: Measure) -> str:
    if measure.kind not in VOCABULARY:
        return f"{measure.column}::double"
    listed = enumerate(VOCABULARY[measure.kind])
    places = " ".join(f"when {measure.column} = '{word}' then {place}" for place, word in listed)
    return f"(case {places} when {measure.column} is null then null else -1 end)::double"


def _bands() -> "list[tuple[object, ...]]":
    return [(place, least) for place, (_, least) in enumerate(SPREADS)]


def _words(case: Case) -> "list[tuple[object, ...]]":
    """What each column of words may hold."""
    return [(measure.column, word) for measure in case.table.of_kind(*VOCABULARY) for word in VOCABULARY[measure.kind]]


def _texts(case: Case) -> str:
    """The measures that are words; none in most tables."""
    found = [
        f"select '{measure.column}' as column_name, {measure.column} as word from gate_rows"
        for measure in case.table.of_kind(*VOCABULARY)
    ]
    return " union all ".join(found) or "select null::varchar as column_name, null::varchar as word where false"


def _number(value: object) -> str:
    """A threshold as an exact decimal or whole number; anything else is NULL, and no row passes it."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value}::bigint"
    return f"{value!r}::decimal(18, 6)" if isinstance(value, float) else "null"


def literal(rows: "list[tuple[object, ...]]", columns: str) -> str:
    """Declared names and numbers as a relation; `columns` gives names and types."""
    pairs = [column.strip().split(" ") for column in columns.split(",")]
    casts = ", ".join(f"{name}::{kind} as {name}" for name, kind in pairs)
    names = ", ".join(name for name, _ in pairs)
    if not rows:
        return f"select {', '.join(f'null::{kind} as {name}' for name, kind in pairs)} where false"
    listed = ", ".join("(" + ", ".join(f"'{value}'" for value in row) + ")" for row in rows)
    return f"select {casts} from (values {listed}) as given({names})"
