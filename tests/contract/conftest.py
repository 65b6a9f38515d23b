"""dbt's manifests, compiled once for all contract tests, with no vault, no key and no data."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

PROJECT = Path(__file__).resolve().parents[2] / "dbt_project"
# Imports once, compiles six times: all systems, git alone, without git, deployments without events, the same with
# incidents of Jira, and as on the nights after the first, when incremental models read themselves: a branch that only
# those nights take is read too.
COMPILE = """
import shutil, sys
from pathlib import Path
from dbt.cli.main import dbtRunner
target, project = map(Path, sys.argv[1:])
later = target / "project"
shutil.copytree(project, later, ignore=shutil.ignore_patterns("target", "logs"))
(later / "macros" / "is_incremental.sql").write_text(
    "{% macro is_incremental() %}{{ return(model.config.materialized == 'incremental') }}{% endmacro %}"
)
systems = ["github", "jira", "git", "events", "actions", "deployments"]
for name, place, chosen in (
    ("all", project, systems),
    ("git", project, ["git"]),
    ("github_jira", project, ["github", "jira"]),
    ("github_deployments", project, ["github", "deployments"]),
    ("jira_deployments", project, ["github", "jira", "deployments"]),
    ("later", later, systems),
):
    flags = ["--quiet", "--no-send-anonymous-usage-stats", "--log-path", target / name, "--log-level-file", "none"]
    where = ["--project-dir", place, "--profiles-dir", place, "--target", "static", "--target-path", target / name]
    chosen = ["--vars", str({"systems": chosen})]
    result = dbtRunner().invoke([str(word) for word in (*flags, "compile", *where, *chosen)])
    if not result.success:
        sys.exit(f"dbt cannot compile the project ({name}): {result.exception}")
"""


@pytest.fixture(scope="session")
def dbt_targets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one dbt target for each choice of systems, and one for a later night."""
    target = tmp_path_factory.mktemp("dbt")
    done = subprocess.run([sys.executable, "-c", COMPILE, target, PROJECT], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    return target


@pytest.fixture(scope="session")
def manifest(dbt_targets: Path) -> dict[str, Any]:
    """dbt's manifest of the whole project."""
    found: dict[str, Any] = json.loads((dbt_targets / "all" / "manifest.json").read_text())
    return found
