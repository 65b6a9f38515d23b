"""The rules, in the order in which a reader meets them. One tuple: a rule that is not here does not run."""

from expectations.rules import (
    dominance,
    floors,
    full_grid,
    hierarchy,
    identities,
    ledger,
    p_percent,
    recomputation,
    roster,
    sealed_periods,
    shape,
    threshold,
    union_of_atoms,
)

RULES = (
    floors.RULE,
    shape.RULE,
    full_grid.RULE,
    hierarchy.RULE,
    sealed_periods.RULE,
    ledger.RULE,
    identities.RULE,
    union_of_atoms.RULE,
    roster.RULE,
    threshold.RULE,
    dominance.RULE,
    p_percent.RULE,
    recomputation.RULE,
)
