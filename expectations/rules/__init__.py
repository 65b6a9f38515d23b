"""The rules, in the order in which a reader meets them. One tuple: a rule that is not here does not run.

Some judge every table. A table with a ledger is proved by it; a derived one by what it rests on, whose own rules have
been asked about the people.
"""

from expectations.kinds import Table
from expectations.rules import (
    derived,
    dominance,
    floors,
    full_grid,
    hierarchy,
    identities,
    ledger,
    p_percent,
    placement,
    recomputation,
    roster,
    sealed_periods,
    shape,
    threshold,
    union_of_atoms,
)
from expectations.rules.rule import Rule

ON_EVERY_TABLE = (
    floors.RULE,
    shape.RULE,
    full_grid.RULE,
    hierarchy.RULE,
    placement.RULE,
    sealed_periods.RULE,
)
ON_A_LEDGER = (
    ledger.RULE,
    identities.RULE,
    union_of_atoms.RULE,
    roster.RULE,
    threshold.RULE,
    dominance.RULE,
    p_percent.RULE,
    recomputation.RULE,
)
ON_A_SOURCE = (derived.RULE,)
RULES = (*ON_EVERY_TABLE, *ON_A_LEDGER, *ON_A_SOURCE)


def rules_of(table: Table) -> tuple[Rule, ...]:
    """The rules that judge this table."""
    return (*ON_EVERY_TABLE, *(ON_A_SOURCE if table.is_derived else ON_A_LEDGER))
