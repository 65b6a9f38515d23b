"""The unit tests beside the dbt models, every model over an empty vault as the streams declare it, its sources' age.

They are not part of a night: a unit test over `this` fails while a table is not there yet. One process does all.
"""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from orchestration import reads
from orchestration.config import environment, load
from orchestration.connections import declared
from orchestration.dbt_compiler import PROJECT
from orchestration.raw import schemas
from orchestration.vault import opened

RUN = """
import sys
from dbt.cli.main import dbtRunner
where = ["--project-dir", sys.argv[1], "--profiles-dir", sys.argv[1], "--target", "vault", "--target-path", sys.argv[2]]
flags = ["--log-path", sys.argv[2], "--log-level-file", "none", "--quiet"]
for words in (["build", "--exclude-resource-type", "unit_test", "exposure"], ["test", "--select", "test_type:unit"]):
    result = dbtRunner().invoke([*flags, *words, *where])
    print(len(result.result.results) if result.result else 0, "nodes")
    if not result.success:
        sys.exit(f"dbt {words[0]} failed")
for source in dbtRunner().invoke([*flags, "source", "freshness", *where]).result.results:
    print("freshness", source.node.source_name, source.status)
"""
READ = {
    "github": (0, "pass"),
    "roster": (0, "pass"),
    "jira": (4, "warn"),
    "git": (None, "error"),
    "events": (0, "pass"),
    "actions": (0, "pass"),
    "deployments": (0, "pass"),
}  # days ago, and its word


def test_every_model_runs_over_an_empty_vault_and_its_unit_tests_pass(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QUORUM_KEY", "a key of this test alone, long enough to be taken")
    settings = load(PROJECT.parent / "quorum.yaml", home=tmp_path / "home")
    with opened(settings, schemas(settings)) as vault:
        vault.set_clock(datetime.fromisoformat("2026-11-09"))
        for system, (days, _) in READ.items():
            streams = [system] if system == "roster" else [stream.name for stream in declared(system).streams]
            now = datetime.now(UTC).replace(tzinfo=None) - timedelta(days=days or 0)
            failed = "" if days is not None else "it was down"
            reads.record(vault.connection, now, [reads.Read(system, stream, failed) for stream in streams])
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
    told = {tuple(line.split()[1:]) for line in done.stdout.splitlines() if line.startswith("freshness ")}
    assert told == {(system, word) for system, (_, word) in READ.items()}
