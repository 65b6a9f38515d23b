"""What dbt says stays in its pipe, and how it ended is believed only when it ended by itself."""

import json
import sys

import pytest

from orchestration import dbt_process
from orchestration.config import load
from orchestration.errors import BuildError

HEARD = {
    "info": {"name": "NodeFinished"},
    "data": {
        "node_info": {"unique_id": "model.quorum.int_units"},
        "run_result": {"status": "error", "message": "Conversion Error: 'canary@acme.example'", "execution_time": 0.5},
    },
}


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "quorum.yaml").write_text("roster: r.yaml\nsystems: {github: {url: http://127.0.0.1:1}}\n")
    return load(tmp_path / "quorum.yaml", home=tmp_path / "home")


def built(settings, monkeypatch, end):
    program = f"import os, signal\nprint({json.dumps(HEARD)!r}, flush=True)\n{end}"
    monkeypatch.setattr(dbt_process, "DBT", (sys.executable, "-c", program))
    return dbt_process.build(settings, "key", [], lambda node: None)


def test_a_failed_node_is_told_by_its_class_alone(settings, monkeypatch):
    (node,) = built(settings, monkeypatch, "os._exit(1)")
    assert (node.name, node.status, node.fault) == ("int_units", "error", "Conversion Error")


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(2)"])
def test_a_dbt_that_broke_off_is_no_build(settings, monkeypatch, end):
    with pytest.raises(BuildError, match="broke off after 1 nodes"):
        built(settings, monkeypatch, end)
