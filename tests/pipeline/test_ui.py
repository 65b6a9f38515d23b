"""`quorum ui`, as somebody starts and stops it: the company, the assets, the schedule; nothing of it stays behind."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from http.client import HTTPConnection
from pathlib import Path

import pytest

from tests.pipeline.built import ROOT, Home, free_port

PATIENCE = 300  # seconds
QUESTION = """{
  assetNodes { assetKey { path } }
  schedules: schedulesOrError(
    repositorySelector: {repositoryName: "__repository__", repositoryLocationName: "quorum"}
  ) { ... on Schedules { results { name scheduleState { status } } } }
}"""


def asked(port):
    """What the UI answers; nothing while nobody does."""
    line = HTTPConnection("127.0.0.1", port, timeout=60)
    with suppress(OSError, ValueError):
        line.request("POST", "/graphql", json.dumps({"query": QUESTION}), {"Content-Type": "application/json"})
        return json.load(line.getresponse())["data"]


def listens(port):
    with suppress(OSError):
        HTTPConnection("127.0.0.1", port, timeout=5).connect()
        return True


@pytest.mark.slow
def test_the_ui_shows_every_asset_keeps_the_schedule_and_ends_with_all_that_it_started(tmp_path: Path):
    company, port = free_port(), free_port()
    (tmp_path / "tmp").mkdir()
    (tmp_path / "quorum.yaml").write_text((ROOT / "quorum.yaml").read_text().replace("8787", str(company)))
    home = Home(tmp_path, company)
    command = [sys.executable, "-m", "orchestration", "ui", "--port", str(port)]
    with subprocess.Popen(command, cwd=tmp_path, env=home.environment(), start_new_session=True) as process:
        try:
            end = time.monotonic() + PATIENCE
            while (found := asked(port)) is None and time.monotonic() < end and process.poll() is None:
                time.sleep(0.5)
            assert listens(company)
            process.terminate()
            process.wait(PATIENCE)
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    keys = {"/".join(node["assetKey"]["path"]) for node in found["assetNodes"]}
    assert {"raw/roster", "raw/github/changes", "protected/team_delivery", "published/team_delivery", "night"} <= keys
    schedules = {one["name"]: one["scheduleState"]["status"] for one in found["schedules"]["results"]}
    assert schedules["nightly"] == "RUNNING"
    assert not listens(company) and not listens(port)
