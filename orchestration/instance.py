"""Dagster's instance under the home: SQLite, telemetry off, one run at a time, and nothing that a step prints is kept.

`dagster.yaml` is written anew by the command line, so that it always says what this version needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from orchestration.config import prepare_environment

if TYPE_CHECKING:
    from dagster import DagsterInstance

    from orchestration.settings import Settings

DAGSTER_YAML = """\
# Written by Quorum at each start; changes here are lost.
telemetry:
  enabled: false
nux:
  enabled: false
storage:
  sqlite:
    base_dir: {folder}/storage
compute_logs:
  module: dagster._core.storage.noop_compute_log_manager
  class: NoOpComputeLogManager
concurrency:
  runs:
    max_concurrent_runs: 1
"""


def prepare_instance(settings: Settings) -> None:
    """Make the instance's folder and point this process at it."""
    folder = settings.dagster_home
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    folder.chmod(0o700)
    text = DAGSTER_YAML.format(folder=folder)
    place = folder / "dagster.yaml"
    if not place.exists() or place.read_text() != text:
        place.write_text(text)
    prepare_environment(dagster_home=folder)


def instance(settings: Settings) -> DagsterInstance:
    """The instance, ready for a night of this process, whose event log it keeps open."""
    prepare_instance(settings)
    from dagster import DagsterInstance
    from dagster._core.instance.ref import InstanceRef

    folder = settings.dagster_home
    storage = {
        "module": "orchestration.event_log",
        "class": "NightStorage",
        "config": {"base_dir": str(folder / "storage")},
    }
    return DagsterInstance.from_ref(InstanceRef.from_dir(str(folder), overrides={"storage": {"custom": storage}}))
