"""The unit tests beside the dbt models, and every model over an empty vault as the streams declare it.

They are not part of a night: a unit test over `this` fails while a table is not there yet. One process does both.
"""

import subprocess
import sys
from datetime import datetime
from pathlib import Path

import pytest

from orchestration.config import environment, load
from orchestration.dbt_process import PROJECT
from orchestration.raw import schemas
from orchestration.vault import opened

RUN = """
import sys
from dbt.cli.main import dbtRunner
where = ["--project-dir", sys.argv[1], "--profiles-dir", sys.argv[1], "--target", "vault", "--target-path", sys.argv[2]]
flags = ["--log-path", sys.argv[2], "--log-level-file", "none", "--quiet"]
for words in (["build", "--exclude-resource-type", "unit_test"], ["test", "--select", "test_type:unit"]):
    result = dbtRunner().invoke([*flags, *words, *where])
    print(len(result.result.results) if result.result else 0, "nodes")
    if not result.success:
        sys.exit(f"dbt {words[0]} failed")
"""


def test_every_model_runs_over_an_empty_vault_and_its_unit_tests_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUORUM_KEY", "a key of this test alone, long enough to be taken")
    settings = load(PROJECT.parent / "quorum.yaml", home=tmp_path / "home")
    with opened(settings, schemas(settings)) as vault:
        vault.set_clock(datetime.fromisoformat("2026-11-09"))
        key = vault.keys.vault
    more = {
        "QUORUM_VAULT_PATH": str(settings.vault_file),
        "QUORUM_SPILL": str(settings.work / "spill"),
        "DBT_ENV_SECRET_QUORUM_VAULT": key,
    }
    done = subprocess.run(
        [sys.executable, "-c", RUN, PROJECT, tmp_path / "target"],
        env=environment(settings, **more),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
