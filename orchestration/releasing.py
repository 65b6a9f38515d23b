"""The publisher as Dagster assets: `published/<table>`, `docs` and `report`, one step, since a release is one swap.

It only calls `publish`, which publishes exactly what a verdict names, or nothing. Materialised alone, without a
verdict for what the vault holds, it publishes nothing. The evidence is recomputed here, so that a ledger or a roster
that changed after the verdict is noticed.
"""

import time
from collections.abc import Callable, Iterator, Sequence, Set
from datetime import date
from typing import TYPE_CHECKING

import dagster as dg

from orchestration.clearance import Standard
from orchestration.dbt_manifest import manifest
from orchestration.gate import verdict_key
from orchestration.policies import in_force
from orchestration.progress import listener, since
from orchestration.publish import Publication, publish
from orchestration.redact import redacted
from orchestration.roster_file import read_roster
from orchestration.vault import Vault, opened

if TYPE_CHECKING:
    import duckdb

    from expectations.scope import Shared
    from orchestration.publish import Outcome
    from orchestration.settings import Settings

DOCS = dg.AssetKey("docs")
REPORT = dg.AssetKey("report")


def published_key(table: str) -> dg.AssetKey:
    """The key of a published table."""
    return dg.AssetKey(["published", table])


def release_assets(settings: "Settings", tables: Sequence[str], met: Set[str] = frozenset()) -> dg.AssetsDefinition:
    """What readers get."""
    keys = [published_key(table) for table in tables]

    @dg.multi_asset(
        name="publish",
        group_name="published",
        specs=[
            *(dg.AssetSpec(published_key(table), deps=[verdict_key(table)]) for table in tables),
            dg.AssetSpec(DOCS, deps=keys, description="dbt docs of the published tables."),
            dg.AssetSpec(REPORT, deps=keys, description="The manager's page."),
        ],
        check_specs=[dg.AssetCheckSpec("released", asset=key, description="No candidate stayed back.") for key in keys],
    )
    def release() -> Iterator[dg.MaterializeResult[None]]:
        with redacted():
            begun = time.monotonic()
            listener().step("publish")
            with opened(settings) as vault:
                outcome = publish(vault.connection, publication(settings, vault, tables, met))
            said = outcome.release.release_id if outcome.release else "nothing new"
            listener().end("publish", said)
            yield from _told(outcome, {"release": said, "seconds": since(begun)}, keys)

    return release


def publication(settings: "Settings", vault: Vault, tables: Sequence[str], met: Set[str] = frozenset()) -> Publication:
    """What a release is made by."""
    from expectations.constants import frozen
    from expectations.detectors import Identifiers
    from expectations.measures import dictionary

    if vault.clock is None:
        message = "the vault has no clock: run a whole night first"
        raise dg.Failure(message)
    known = set(tables)
    told = dictionary(frozen(vault.connection), in_force(vault.connection, settings).policy)
    return Publication(
        published=settings.published,
        clock=vault.clock,
        tables=tuple(tables),
        standard=standard(vault.connection, settings),
        home=settings.home,
        dictionary=[row for row in told if row["table_name"] in known],
        manifest=manifest(settings),
        people=lambda: Identifiers(read_roster(settings).identifiers(), seen=met),
    )


def standard(connection: "duckdb.DuckDBPyConnection", settings: "Settings") -> Standard:
    """What a verdict is held against tonight."""
    from expectations.fingerprints import rules_digest

    tonight = in_force(connection, settings)
    return Standard(tonight.policy.fingerprint, rules_digest(), evidence(tonight))


def evidence(settings: "Settings") -> "Callable[[duckdb.DuckDBPyConnection, str, date], str]":
    """The evidence of a table and period as it stands now; a table's periods are asked for at once."""
    seen: dict[str, dict[date, str]] = {}
    shared: Shared = {}

    def found(connection: "duckdb.DuckDBPyConnection", table: str, period: date) -> str:
        from expectations.detectors import Identifiers
        from expectations.fingerprints import fingerprints
        from expectations.measures import table_named
        from expectations.scope import Case

        if table not in seen:
            people = Identifiers(read_roster(settings).identifiers())
            case = Case(connection, table_named(table), settings.policy, shared=shared)
            seen[table] = {one.period_start: one.evidence for one in fingerprints(case, people)}
        return seen[table].get(period, "")

    return found


def _told(
    outcome: "Outcome", metadata: dict[str, str | float], keys: Sequence[dg.AssetKey]
) -> Iterator[dg.MaterializeResult[None]]:
    stayed = {refusal.table_name: refusal for refusal in outcome.refusals}
    for key in keys:
        refusal = stayed.get(key.path[-1])
        why: dict[str, str | int] = {"reason": refusal.reason, "periods": refusal.periods} if refusal else {}
        check = dg.AssetCheckResult(check_name="released", asset_key=key, passed=refusal is None, metadata=why)
        yield dg.MaterializeResult(asset_key=key, metadata=metadata, check_results=[check])
    for key in (DOCS, REPORT):
        yield dg.MaterializeResult(asset_key=key, metadata=metadata)
