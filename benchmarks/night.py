"""Whole nights as processes: the first one, those without news, and what any night in Dagster and dbt would cost.

Where the time of the first night goes is read from Dagster's own events: how long each step took; what is left is the
time before the first step and between them (imports, parsing, the company's start).
"""

import os
import statistics
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.process import Measured, run

if TYPE_CHECKING:
    from dagster import DagsterInstance

ROOT = Path(__file__).parent.parent
AS_OF = "2026-11-09"
PORT = 8798
ROUNDS = 3


@dataclass(frozen=True)
class Nights:
    """What was measured."""

    first: Measured
    quiet: list[Measured]
    bare: list[Measured]
    steps: Mapping[str, float]
    assets: int

    @property
    def ratio(self) -> float:
        """A night without news against the bare bound, medians."""
        return median(self.quiet) / median(self.bare)


def median(runs: list[Measured]) -> float:
    """Wall seconds."""
    return statistics.median(one.wall for one in runs)


def measured() -> Nights:
    """A first night in a fresh home, then quiet nights and the bare bound in turn."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        config = (ROOT / "quorum.yaml").read_text().replace("8787", str(PORT))
        (place / "quorum.yaml").write_text(config)
        home = place / "home"
        kept = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
        environment = {**kept, "QUORUM_HOME": str(home), "PYTHONPATH": str(ROOT), "DAGSTER_HOME": str(place)}
        command = [sys.executable, "-m", "orchestration", "nightly", "--as-of", AS_OF]
        first = _good(run(command, place, environment))
        steps, assets = durations(home)
        quiet, bare = [], []
        for _ in range(ROUNDS):
            quiet.append(_good(run(command, place, environment)))
            empty = [sys.executable, "-m", "benchmarks.bare", str(assets), str(place / "bare")]
            bare.append(_good(run(empty, ROOT, environment)))
    return Nights(first, quiet, bare, steps, assets)


def _good(one: Measured) -> Measured:
    if one.status:
        raise SystemExit(f"a run ended with {one.status}")
    return one


def durations(home: Path) -> tuple[dict[str, float], int]:
    """Seconds of each step of the last run, and how many assets it materialised."""
    from dagster import DagsterEventType

    with _store(home) as store:
        (record,) = store.get_run_records(limit=1)
        events = [entry.dagster_event for entry in store.all_logs(record.dagster_run.run_id) if entry.dagster_event]
    steps = {
        one.step_key or "": one.step_success_data.duration_ms / 1000
        for one in events
        if one.event_type == DagsterEventType.STEP_SUCCESS
    }
    return steps, sum(one.event_type == DagsterEventType.ASSET_MATERIALIZATION for one in events)


@contextmanager
def _store(home: Path) -> Iterator["DagsterInstance"]:
    import dagster as dg

    before = os.environ.get("DAGSTER_HOME")
    os.environ["DAGSTER_HOME"] = str(home / "dagster")
    try:
        with dg.DagsterInstance.get() as store:
            yield store
    finally:
        os.environ.pop("DAGSTER_HOME")
        if before:
            os.environ["DAGSTER_HOME"] = before
