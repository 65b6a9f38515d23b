"""A released period built anew, in a scratch copy of the vault: there it counts as open, and nothing else is touched.

dbt builds the ledger, the mart and the clips as on any night; then the teams are put back into the atoms that the
period was released in, dbt builds the table from them, and the gate judges it. A derived table has no atoms: it
is built from what readers see now. The copy is encrypted like the vault and is gone afterwards.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.audit import auditor, with_audit
from orchestration.chain import Key
from orchestration.errors import BuildError
from orchestration.lineage import breaks
from orchestration.release import ReleaseError
from orchestration.vault import attach, connect, make_home

if TYPE_CHECKING:
    import duckdb

    from expectations.verdict import Verdict
    from orchestration.keys import Keys
    from orchestration.settings import Settings


@contextmanager
def scratch_of(settings: Settings, chosen: Settings) -> Iterator[Settings]:
    """A copy of the vault to build in, gone afterwards."""
    home: Path = settings.work / "restatement"
    shutil.rmtree(home, ignore_errors=True)
    scratch = chosen.model_copy(update={"home": home})
    try:
        make_home(scratch)
        shutil.copyfile(settings.vault_file, scratch.vault_file)
        scratch.vault_file.chmod(0o600)
        yield scratch
    finally:
        shutil.rmtree(home, ignore_errors=True)


def rebuilt(
    scratch: Settings, keys: Keys, key: Key, cells: Sequence[tuple[str, str]], identifiers: frozenset[str]
) -> Verdict:
    """Build the period in the scratch vault, in its old atoms, and have the gate judge it."""
    from expectations.gate import judge
    from expectations.lineage import refused
    from expectations.measures import table_named

    table, start = key
    with _connected(scratch, keys) as connection:
        connection.execute("delete from vault.ops.sealed where table_name = ? and period_start >= ?", [*key])
    if table_named(table).is_derived:
        _built(scratch, keys, ["int_periods", table])
    else:
        _built_in_atoms(scratch, keys, key, cells)
    with _connected(scratch, keys) as connection:
        judgement = judge(connection, table, scratch.policy, identifiers, periods=[start])
        judgement = refused(with_audit(judgement, auditor(connection, scratch.policy)), breaks(scratch))
    broken = {f"{one.rule}{f' ({one.column})' if one.column else ''}" for c in judgement.checks for one in c.findings}
    if not judgement.passed or not judgement.verdicts:
        message = (
            f"{table} of {start}: the gate refuses it in the atoms that it was released in: "
            f"{', '.join(sorted(broken)) or 'it cannot be read'}. It can only be retracted (`quorum retract`). "
            "Nothing was changed"
        )
        raise ReleaseError(message)
    return judgement.verdicts[0]


def _built_in_atoms(scratch: Settings, keys: Keys, key: Key, cells: Sequence[tuple[str, str]]) -> None:
    from expectations.measures import table_named

    table = key[0]
    _built(scratch, keys, ["+int_atoms", f"+{table_named(table).mart}"])
    with _connected(scratch, keys) as connection:
        where = "where table_name = ? and period_start = ?"
        connection.execute(f"update vault.intermediate.int_atoms set atom_id = null {where}", [*key])
        for team, unit in cells:
            connection.execute(
                f"update vault.intermediate.int_atoms set atom_id = ? {where} and team_id = ?", [unit, *key, team]
            )
    _built(scratch, keys, [table, "cells"])


def _built(scratch: Settings, keys: Keys, select: Sequence[str]) -> None:
    from orchestration.dbt_process import build

    bad = [node for node in build(scratch, keys.vault, select, lambda _: None) if not node.good]
    if bad:
        message = f"dbt, {bad[0].name}: {bad[0].status}. Nothing was changed"
        raise BuildError(message)


@contextmanager
def _connected(scratch: Settings, keys: Keys) -> Iterator[duckdb.DuckDBPyConnection]:
    connection = connect(scratch)
    try:
        attach(connection, scratch.vault_file, keys)
        yield connection
        connection.execute("checkpoint vault")
    finally:
        connection.close()
