"""The conventions of dbt_project, as dbt-bouncer reads them from dbt's manifest; it names what broke which."""

import os
import subprocess
import sys
from pathlib import Path

import yaml

CONVENTIONS = Path(__file__).parents[2] / "dbt-bouncer.yml"


def test_the_project_keeps_its_conventions(dbt_targets: Path, tmp_path: Path) -> None:
    """In a process of its own: it sets up logging for all that runs beside it."""
    conventions = yaml.safe_load(CONVENTIONS.read_text()) | {"dbt_artifacts_dir": str(dbt_targets / "all")}
    (tmp_path / CONVENTIONS.name).write_text(yaml.safe_dump(conventions))
    command = [Path(sys.executable).with_name("dbt-bouncer"), "run", "--config-file", tmp_path / CONVENTIONS.name]
    quiet = {**os.environ, "DBT_BOUNCER_DISABLE_CONF_CACHE": "1", "COLUMNS": "160"}
    done = subprocess.run([*command, "--show-all-failures"], env=quiet, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
