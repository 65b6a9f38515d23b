"""dbt's manifests, compiled once for all contract tests, with no vault, no key and no data."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

# Imports once, compiles six times: all systems, git alone, without git, deployments without events, the same with
# incidents of Jira, and as on the nights after the first: a branch that only those nights take is read too.
COMPILE = """
import json, sys
from pathlib import Path
from orchestration.dbt_compiler import PROJECT, compile_project, later
target = Path(sys.argv[1])
systems = ["github", "jira", "git", "events", "actions", "deployments"]
for name, chosen in (
    ("all", systems),
    ("git", ["git"]),
    ("github_jira", ["github", "jira"]),
    ("github_deployments", ["github", "deployments"]),
    ("jira_deployments", ["github", "jira", "deployments"]),
    ("later", systems),
):
    project = later(target / name) if name == "later" else PROJECT
    if not compile_project(target / name, project, ["--vars", json.dumps({"systems": chosen})]):
        sys.exit(f"dbt cannot compile the project ({name})")
"""


@pytest.fixture(scope="session")
def dbt_targets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with one dbt target for each choice of systems, and one for a later night."""
    target = tmp_path_factory.mktemp("dbt")
    done = subprocess.run([sys.executable, "-c", COMPILE, target], capture_output=True, text=True, check=False)
    assert done.returncode == 0, (done.stdout + done.stderr)[-2000:]
    return target


@pytest.fixture(scope="session")
def manifest(dbt_targets: Path) -> dict[str, Any]:
    """dbt's manifest of the whole project."""
    found: dict[str, Any] = json.loads((dbt_targets / "all" / "manifest.json").read_text())
    return found
