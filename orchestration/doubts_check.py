"""The doubts of the last build as a check beside their model: it warns, and stops nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import dagster as dg

from orchestration.doubts import MODEL, counts
from orchestration.redact import band, redacted
from orchestration.vault import opened

if TYPE_CHECKING:
    from orchestration.settings import Settings

CHECK = "doubts"


def doubts_check(settings: Settings) -> dg.AssetChecksDefinition:
    """Whether any record needs to be looked at; its metadata counts them by kind and stream, in bands."""

    @dg.asset_check(
        asset=dg.AssetKey(["intermediate", MODEL]),
        name=CHECK,
        description="No record needs to be looked at; `quorum doubts` says what each kind means.",
    )
    def doubts() -> dg.AssetCheckResult:
        with redacted(), opened(settings) as vault:
            found = counts(vault.connection)
        return dg.AssetCheckResult(
            passed=all(one.doubt.is_apart for one in found),
            severity=dg.AssetCheckSeverity.WARN,
            metadata={f"{one.doubt.name}, {one.stream}": band(one.records) for one in found},
        )

    return doubts
