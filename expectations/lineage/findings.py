"""Breaks as the gate tells them: counts in its verdicts, ways in which no strange name travels.

A break is static: it stands for every period of every table that it reaches, and refuses them all. What is published
beside all tables (`cells`, `units`, `movers`) concerns each of them.
"""

from collections.abc import Iterable
from dataclasses import replace

from expectations.lineage.examine import ARROW, RULE, Break
from expectations.measures import CELL_COLUMNS, TABLES, table_named
from expectations.verdict import Check, Finding, Judgement

UNREGISTERED = "(unregistered)"
OWN = frozenset(f"protected.{table.name}" for table in TABLES)


def concerning(found: Iterable[Break], table: str) -> tuple[Break, ...]:
    """The breaks that reach this table, or what is published beside it."""
    return tuple(one for one in found if f"protected.{table}" in one.tables or set(one.tables) - OWN)


def findings(found: Iterable[Break], table: str) -> tuple[Finding, ...]:
    """Counts by column; a column that the registry does not know goes by no name."""
    known = {"", *table_named(table).columns, *CELL_COLUMNS}
    columns = [one.column if one.column in known else UNREGISTERED for one in concerning(found, table)]
    return tuple(Finding(RULE, table, column, columns.count(column)) for column in sorted(set(columns)))


def refused(judgement: Judgement, found: Iterable[Break]) -> Judgement:
    """The judgement with one check more; a break refuses every period."""
    told = findings(found, judgement.table_name)
    check = Check(RULE, passed=not told, findings=told)
    verdicts = judgement.verdicts
    if told:
        verdicts = tuple(replace(one, passed=False, findings=(*one.findings, *told)) for one in verdicts)
    return replace(judgement, verdicts=verdicts, checks=(*judgement.checks, check))


def ways(found: Iterable[Break], table: str, declared: Iterable[str]) -> tuple[str, ...]:
    """Each way in words for terminal and UI. A column's name is shown if a stream or the registry has it."""
    known = {name.rpartition(".")[2] for name in declared} | {*table_named(table).columns, *CELL_COLUMNS}
    return tuple(
        ARROW.join(_shown(step, known) for step in one.path) + (f" ({one.kind})" if one.kind else "")
        for one in concerning(found, table)
    )


def _shown(step: str, known: set[str]) -> str:
    relation, dot, column = step.rpartition(".")
    return step if column in known or not dot else f"{relation}.{UNREGISTERED}"
