"""The written release, read again by the detectors before readers see it.

Here stands what a release may hold beside the registered tables: the house's own tables with their columns, and the
words that the house itself writes into them. A table or a column that is not here does not leave.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from orchestration.chain import PUBLISH, REASONS
from orchestration.release import ReleaseError

if TYPE_CHECKING:
    import duckdb

    from expectations.detectors import Identifiers
    from expectations.verdict import Finding

SHOWN = 5  # findings
DIGEST = "DIGEST"  # as expectations/detectors/release.py calls a column of digests of contents
HOUSE = {
    "periods": {"table_name": "VARCHAR", "period_start": "DATE", "period_end": "DATE", "release_id": "VARCHAR"},
    "units": {
        "unit_id": "VARCHAR",
        "parent_id": "VARCHAR",
        "unit_level": "VARCHAR",
        "unit_name": "VARCHAR",
        "valid_from": "DATE",
        "valid_to": "DATE",
    },
    "movers": {
        "period_start": "DATE",
        "changed_team": "VARCHAR",
        "joined": "VARCHAR",
        "left_out": "VARCHAR",
        "changed_account": "VARCHAR",
    },
    "releases": {
        "release_id": "VARCHAR",
        "released_on": "DATE",
        "action": "VARCHAR",
        "reason": "VARCHAR",
        "policy": DIGEST,
        "contents": DIGEST,
        "trees": DIGEST,
        "files": DIGEST,
        "previous": DIGEST,
        "digest": DIGEST,
    },
}


def inspect(
    connection: duckdb.DuckDBPyConnection,
    folder: Path,
    people: Identifiers,
    explained: Iterable[Mapping[str, object]] = (),
) -> None:
    """Read a release that lies in `folder` and is attached as `fresh`; ReleaseError if the detectors find anything.

    `explained` are the rows of its dictionary: texts of ours, with the constants and the policy of the day in them.
    """
    from expectations.detectors.release import Written, scan
    from expectations.measures import dictionary

    columns = {"metric_dictionary": dict.fromkeys(dictionary()[0], "VARCHAR")}
    texts = {str(text) for row in explained for text in row.values()}
    files = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
    written = Written(
        catalog="fresh",
        file=folder / "quorum.duckdb",
        parquet=tuple(sorted((folder / "parquet").glob("*.parquet"))),
        pages=tuple(sorted(folder.rglob("*.html"))),
        house=HOUSE | columns,
        words=frozenset((*files, *texts, *REASONS, PUBLISH, *(why for whys in REASONS.values() for why in whys))),
    )
    connection.execute("checkpoint fresh")
    found = [one for one in scan(connection, written, people) if one.count]
    if found:
        told = "; ".join(_told(one) for one in found[:SHOWN])
        message = f"the written release holds what no release may hold: {told}. Nothing was published"
        raise ReleaseError(message)


def _told(finding: Finding) -> str:
    """Rule, table, column and count."""
    where = ", ".join(filter(None, (finding.table, finding.column)))
    return f"{finding.rule}{f' ({where})' if where else ''}: {finding.count}"
