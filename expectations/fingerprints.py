"""What a verdict is bound to: content, evidence, policy and rules, each by its digest.

Evidence is the ledger, members and units up to the period and the roster that they were frozen from, the mart's rows
of the period, whether it is sealed, the constants frozen for its year (clip and base of each quantity and role), and
the set of identifiers; each relation as an order-free sum of row hashes by period. The evidence of a derived table is
the content of the periods that it rests on, by their digests, instead of ledger, mart and constants. Rules are the
bytes of this package: a changed rule judges anew.
"""

import hashlib
import json
from datetime import date
from functools import cache, partial
from pathlib import Path

from expectations.constants import frozen
from expectations.content import contents
from expectations.detectors import Identifiers
from expectations.scope import UNREADABLE, UNSEALED, Case
from expectations.shown import windows
from expectations.verdict import Verdict

LOWER = 2**64 - 1
Sums = list[list[list[str]]]
ROSTER = ("roster_units", "roster_members")
KEPT = "(select block_start as period_start, * exclude (block_start) from vault.ops.{name})"
UP_TO = ("vault.intermediate.int_units", "vault.intermediate.int_members", "vault.intermediate.int_ledger")


def fingerprints(case: Case, identifiers: Identifiers) -> tuple[Verdict, ...]:
    """One verdict a period, not passed yet, naming what it would be about; none where the candidate cannot be read."""
    try:
        starts = _periods(case)
        content = contents(case.connection, case.relation, "vault.protected.cells", case.table.name, starts)
        proofs = (_resting if case.table.is_derived else _evidence)(case, starts, identifiers)
    except UNREADABLE:
        return ()
    fixed = case.policy.fingerprint, rules_digest()
    return tuple(
        Verdict(case.table.name, start, content[start], proofs[start], *fixed, passed=False, findings=())
        for start in starts
    )


def _periods(case: Case) -> list[date]:
    if case.periods is not None:
        return list(case.periods)
    unsealed = UNSEALED.format(name=case.table.name)
    rows = case.connection.execute(
        f"select distinct t.period_start from {case.relation} as t where {unsealed} order by 1"
    ).fetchall()
    return [start for (start,) in rows if isinstance(start, date)]


def _evidence(case: Case, starts: list[date], identifiers: Identifiers) -> dict[date, str]:
    sums = [*_frozen(case), _sums(case, UP_TO[2], "table_name = ?", [case.table.name])]
    mart = _sums(case, f"vault.marts.{case.table.mart}", "list_contains(?::date[], period_start)", [starts])
    sealed = _sums(case, "vault.ops.sealed", "table_name = ?", [case.table.name])
    constants = frozen(case.connection).get(case.table.name, [])
    proofs = {}
    for start in starts:
        before = [[line for line in one if line[0] <= start.isoformat()] for one in sums]
        now = [line for line in [*mart, *sealed] if line[0] == start.isoformat()]
        year = [line for line in constants if line[2] == start.isocalendar().year]
        text = json.dumps([before, now, year, identifiers.digest], separators=(",", ":"))
        proofs[start] = hashlib.sha256(text.encode()).hexdigest()
    return proofs


def _resting(case: Case, starts: list[date], identifiers: Identifiers) -> dict[date, str]:
    sums = _frozen(case)
    sealed = _sums(case, "vault.ops.sealed", "table_name = ?", [case.table.name])
    proofs = {}
    for start, window in windows(case.connection, case.table.source, starts).items():
        frozen_by_then = [[line for line in one if line[0] <= start.isoformat()] for one in sums]
        now = [line for line in sealed if line[0] == start.isoformat()]
        rests = [[one.start.isoformat(), one.digest] for one in window]
        text = json.dumps([frozen_by_then, now, rests, identifiers.digest], separators=(",", ":"))
        proofs[start] = hashlib.sha256(text.encode()).hexdigest()
    return proofs


def _frozen(case: Case) -> Sums:
    """Tree and roster, frozen and kept: the same for every table."""
    relations = (*UP_TO[:2], *(KEPT.format(name=name) for name in ROSTER))
    return [case.once(relation, partial(_sums, case, relation, "true", [])) for relation in relations]


def _sums(case: Case, relation: str, where: str, values: list[object]) -> list[list[str]]:
    """Each block's number of rows and sum of row hashes, the lower and the upper half of each by itself."""
    names = sorted(name for name, *_ in case.connection.execute(f"describe select * from {relation}").fetchall())
    cells = ", ".join(f'coalesce(replace("{name}"::varchar, chr(31), chr(30)), chr(0))' for name in names)
    query = f"""
        select period_start::varchar, count(*)::varchar, sum((number >> 64)::hugeint)::varchar,
            sum((number & {LOWER}::uhugeint)::hugeint)::varchar
        from (
            select period_start, md5_number(concat_ws(chr(31), {cells})) as number from {relation} where {where}
        )
        group by period_start order by 1
    """
    return [list(row) for row in case.connection.execute(query, values).fetchall() if row[0] is not None]


@cache
def rules_digest() -> str:
    """SHA-256 over this package's sources, by path."""
    root = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()
