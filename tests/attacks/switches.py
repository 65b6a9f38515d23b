"""How a compiled model is changed so that one protection is off.

A change that finds nothing to change fails: a mutation that mutates nothing would prove nothing.
"""

import re
from collections.abc import Callable

Change = Callable[[str], str]  # the SQL of a model -> another


def instead(old: str, new: str) -> Change:
    """Replace a piece of SQL, whatever its spaces."""
    pattern = re.compile(r"\s+".join(re.escape(word) for word in old.split()))

    def changed(sql: str) -> str:
        found, count = pattern.subn(new, sql)
        assert count, f"nothing to switch off: {old}"
        return found

    return changed


def around(query: str) -> Change:
    """A query over what the model gives, as `model`."""
    return lambda sql: f"with model as ({sql}) {query}"


def unsnapped(sql: str) -> str:
    """Hours as they are."""
    found, count = re.subn(r"case\s+when amount is null.*?\bend\b", "amount / 3600.0", sql, flags=re.DOTALL)
    assert count, "no ladder to switch off"
    return found


def ageless_unions(sql: str) -> str:
    """Single teams keep their age; what is merged has none."""
    alone, first, together = sql.partition("from leaf_quantities")
    assert first, "no level of leaves"
    return alone + first + instead("and (live >= 2 or live_old >= 1)", "")(together)


def all_of(*changes: Change) -> Change:
    """One after the other."""

    def changed(sql: str) -> str:
        for change in changes:
            sql = change(sql)
        return sql

    return changed


def every(pattern: str, new: str) -> Change:
    """Replace whatever a regular expression finds."""

    def changed(sql: str) -> str:
        found, count = re.subn(pattern, new, sql, flags=re.DOTALL)
        assert count, f"nothing to switch off: {pattern}"
        return found

    return changed


def whatever_is_below(measure: str) -> Change:
    """All atoms enter the values above them, also those that have none of their own."""
    join = f"join {measure}_allowed as allowed on allowed.period_start = standing.period_start"
    join += " and allowed.atom_id = standing.atom_id"
    return instead(join, f"left {join} where allowed.atom_id is not null or standing.unit_id <> standing.atom_id")
