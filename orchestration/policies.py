"""Which policy counts tonight: the one that the block of tonight's candidates began under.

quorum.yaml names the policy of the blocks that begin from now on. Each block keeps the one that was asked for when it
was first seen, as it keeps its roster and its tree; so a policy that is lowered for one night, or in the middle of a
block, changes nothing that has begun. A block takes five weeks to be published, so the next one has always begun: the
vault remembers the thresholds, and each night works by those of the oldest period that is still to be released. Until
the first release the policy is free.
"""

from __future__ import annotations

import json
from dataclasses import asdict, fields
from datetime import date
from typing import TYPE_CHECKING

from expectations.policy import Policy
from orchestration.clock import block_of
from orchestration.errors import ConfigError

if TYPE_CHECKING:
    import duckdb

    from orchestration.settings import Settings

NEXT = """
select min(period_start) from vault.ops.calendar
where period_start > coalesce((select max(period_start) from vault.ops.sealed), '0001-01-01')
"""
CALENDAR = {"period": "periods of one length", "time_zone": "periods of one time zone"}


def in_force(connection: duckdb.DuckDBPyConnection, settings: Settings) -> Settings:
    """The settings with tonight's policy; blocks not seen before take the one of quorum.yaml."""
    freeze(connection, settings.policy)
    (start,) = connection.execute(NEXT).fetchone() or (None,)
    return of_period(connection, settings, start) if start else settings


def of_period(connection: duckdb.DuckDBPyConnection, settings: Settings, start: date) -> Settings:
    """The settings with the policy that a period's block began under."""
    policy = _thresholds(connection).get(block_of(start).period_start, settings.policy)
    return settings.model_copy(update={"policy": policy})


def freeze(connection: duckdb.DuckDBPyConnection, policy: Policy) -> None:
    """Blocks that have begun and are not known yet begin under this policy; all of them, before the first release."""
    (releases,) = connection.execute("select count(*) from vault.ops.releases").fetchone() or (0,)
    if not releases:
        connection.execute("delete from vault.ops.policies")
    known = _thresholds(connection)
    for word, says in CALENDAR.items():
        others = {getattr(one, word) for one in known.values()} - {getattr(policy, word)}
        if others:
            message = f"{word}: {says} alone were released: set it back to {min(others)}. Nothing was changed"
            raise ConfigError(message)
    starts = connection.execute("select distinct period_start from vault.ops.calendar").fetchall()
    fresh = sorted({block_of(start).period_start for (start,) in starts} - known.keys())
    thresholds = json.dumps(asdict(policy), sort_keys=True)
    if fresh:
        connection.executemany(
            "insert into vault.ops.policies values (?, ?, ?)",
            [[start, policy.fingerprint, thresholds] for start in fresh],
        )


def begun_under(connection: duckdb.DuckDBPyConnection) -> dict[date, str]:
    """The digest of the policy that each block began under."""
    return {start: policy.fingerprint for start, policy in _thresholds(connection).items()}


def _thresholds(connection: duckdb.DuckDBPyConnection) -> dict[date, Policy]:
    """By block; a threshold that a later version added has its default, one that it dropped counts no more."""
    rows = connection.execute("select block_start, thresholds from vault.ops.policies").fetchall()
    told = {text: json.loads(text) for text in {text for _, text in rows}}
    names = {field.name for field in fields(Policy)}
    made = {text: Policy(**{name: kept[name] for name in kept if name in names}) for text, kept in told.items()}
    return {start: made[text] for start, text in rows}
