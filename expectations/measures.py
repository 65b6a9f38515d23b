"""The registry: every published table and column, of which kind it is, whose conduct it shows, what it rests on.

What a registry entry is made of stands in `kinds.py`, the entries themselves, with the words that explain them to
readers, in `catalogue/`, one module a table.
"""

from collections.abc import Iterable, Mapping
from dataclasses import asdict

from expectations.catalogue import TABLES
from expectations.catalogue.bottlenecks import STAGES
from expectations.kinds import COLUMNS, Constant, Identity, Kind, Measure, Role, Table
from expectations.percentiles import EVENTS_NEEDED
from expectations.policy import WORDS, Policy

__all__ = [
    "BANDS",
    "CELL_COLUMNS",
    "COLUMNS",
    "IDENTITIES",
    "LEVELS",
    "SPREADS",
    "STATUSES",
    "TABLES",
    "TRENDS",
    "VOCABULARY",
    "Constant",
    "Identity",
    "Kind",
    "Measure",
    "Role",
    "Table",
    "dictionary",
    "table_named",
]

CELL_COLUMNS = {"table_name": "VARCHAR", "period_start": "DATE", "unit_id": "VARCHAR", "team_id": "VARCHAR"}
LEVELS = ("org", "group", "team", "rest")
STATUSES = ("published", "withheld")
BANDS = (("under 6", 0), ("6-9", 6), ("10-19", 10), ("20-49", 20), ("50+", 50))
SPREADS = (("even", 0), ("mixed", 30), ("concentrated", 50))
"""Bands of the Gini coefficient, each with its lower end in hundredths."""
TRENDS = ("shrinks", "steady", "grows")
"""Of two sums: the first is smaller by over a quarter of itself, neither is, it is larger by over a quarter."""
VOCABULARY = {Kind.SPREAD: tuple(word for word, _ in SPREADS), Kind.TREND: TRENDS, Kind.STAGE: STAGES}
"""What a cell of these kinds may hold."""

TOTALS = Identity(
    name="totals",
    terms=("a row", "the rows of its atoms in `cells`"),
    reason="A total is the sum of published, rounded atoms: subtracting gives back an atom, and each atom is safe.",
)
IDENTITIES = (TOTALS, *(identity for table in TABLES for identity in table.identities))
"""Every linear relation between published columns that a reader can solve; another one blocks (`identities`)."""


def table_named(name: str) -> Table:
    """The registered table of this name."""
    for table in TABLES:
        if table.name == name:
            return table
    raise KeyError("no such table is registered in expectations/catalogue/")


def dictionary(
    constants: Mapping[str, Iterable[Constant]] | None = None, policy: Policy | None = None
) -> list[dict[str, str]]:
    """The rows of `metric_dictionary`: every measure of every table, explained.

    `constants` are those frozen, by table: the protection of a measure then names its own. `policy` is the one whose
    thresholds are told, the default one unless it is given.
    """
    rows = []
    for table in TABLES:
        known = list((constants or {}).get(table.name, ()))
        for measure in table.measures:
            row = {"name": measure.column, "table_name": table.name, "unit": measure.unit}
            row |= _worded(table, measure, policy or Policy())
            row["protection"] += "".join(_told(measure, one) for one in known)
            rows.append(row)
    return rows


def _worded(table: Table, measure: Measure, policy: Policy) -> dict[str, str]:
    """The words of a measure, with the policy's thresholds in them, and the column that takes what is not told."""
    thresholds = {name: value for name, value in asdict(policy).items() if name not in WORDS}
    numbers = {name: _plain(value) for name, value in thresholds.items()} | {
        "dominance": _plain(100 * policy.dominance),
        "events": _plain(thresholds[EVENTS_NEEDED[measure.quantile]]),
        "most": _plain(100 - policy.rate_step),
        "twice_k": _plain(2 * policy.k),
        "other": table.groups[measure.group][-1].column if measure.group else "",
    }
    return {name: text.format_map(numbers) for name, text in asdict(measure.meaning).items()}


def _told(measure: Measure, constant: Constant) -> str:
    """One year's clip, and base where sums are published; nothing when it is another quantity's."""
    quantity, role, year, clip, base = constant
    if measure.kind is Kind.TREND or quantity != measure.evidence or role not in {one.name for one in measure.roles}:
        return ""
    unit = "seconds" if measure.kind is Kind.SHARE else measure.unit if measure.additive else "events"
    rounded = f", rounded to {_plain(base)}" if measure.additive else ""
    return f" {year}: at most {_plain(clip)} {unit} a person ({role}){rounded}."


def _plain(number: float) -> str:
    """A number as a reader is told it: 1 000, 12.5."""
    return f"{number:,.10g}".replace(",", " ")
