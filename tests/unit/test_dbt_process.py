"""What dbt says stays in its process, and how it ended is believed only when it ended by itself."""

import io
import json
import sys
from types import SimpleNamespace as Event

import pytest

from expectations.policy import Policy
from orchestration import dbt_process
from orchestration.config import load
from orchestration.dbt_runner import fault, tell
from orchestration.errors import BuildError

SAID = "Runtime Error: Conversion Error: Could not convert string 'canary@acme.example'"
NODE = ["model.quorum.int_units", "error", 0.5, "Conversion Error"]
COUNTED = """
import json, sys
told = json.loads(sys.stdin.readline() or "null")
print(json.dumps(["model.quorum." + "_".join(told), "success", 0, ""]), flush=True)
"""


@pytest.fixture
def settings(tmp_path):
    (tmp_path / "quorum.yaml").write_text(
        "roster: r.yaml\nsystems: {github: {url: http://127.0.0.1:1, organisation: acme}}\n"
    )
    return load(tmp_path / "quorum.yaml", home=tmp_path / "home")


def runs(monkeypatch, program):
    """The program in dbt's place."""
    monkeypatch.setattr(dbt_process, "RUNNER", (sys.executable, "-c", program))


def built(settings, select):
    return dbt_process.build(settings, "key", select, lambda node: None)


def test_a_failed_node_is_told_by_its_class_alone(settings):
    result = Event(status="Error", message=SAID, execution_time=0.5)
    node = Event(unique_id="model.quorum.int_units")
    out = io.StringIO()
    tell(out, Event(info=Event(name="NodeFinished"), data=Event(node_info=node, run_result=result)))
    tell(out, Event(info=Event(name="SQLQuery"), data=Event(sql=SAID)))
    assert [json.loads(line) for line in out.getvalue().splitlines()] == [NODE]


def test_a_full_disk_is_told_as_what_it_is():
    said = 'TransactionContext Error: Failed to commit: Could not write file "vault.duckdb.wal": File too large'
    assert fault(f"Runtime Error in model x\n  {said}").startswith("the disk is full")


@pytest.mark.parametrize("end", ["os.kill(os.getpid(), signal.SIGKILL)", "os._exit(2)"])
def test_a_dbt_that_broke_off_is_no_build(settings, monkeypatch, end):
    runs(monkeypatch, f"import os, signal\nprint({json.dumps(NODE)!r}, flush=True)\n{end}")
    with pytest.raises(BuildError, match="broke off after 1 nodes"):
        built(settings, [])


def test_a_dbt_that_could_not_parse_is_no_build(settings, monkeypatch):
    runs(monkeypatch, "raise SystemExit(2)")
    with pytest.raises(BuildError, match="before its first model"):
        built(settings, ["x"] * 100_000)  # more than a pipe holds


def test_a_dbt_made_ready_is_told_once_what_to_build(settings, monkeypatch):
    runs(monkeypatch, COUNTED)
    with dbt_process.ready(settings, "key"):
        runs(monkeypatch, "raise SystemExit(2)")
        (node,) = built(settings, ["int_units"])
        assert node.name == "--exclude-resource-type_unit_test_exposure_--select_int_units"
        with pytest.raises(BuildError):
            built(settings, ["int_units"])


def test_a_dbt_made_ready_for_nothing_ends_by_itself(settings, monkeypatch):
    runs(monkeypatch, COUNTED)
    with dbt_process.ready(settings, "key"):
        (process,) = dbt_process._waiting.values()
    assert process.returncode is not None


def test_a_dbt_made_ready_for_another_policy_is_not_taken(settings, monkeypatch):
    """The block that is due may have begun under another one than that of quorum.yaml."""
    runs(monkeypatch, "raise SystemExit(2)")
    with dbt_process.ready(settings.model_copy(update={"policy": Policy(k=9)}), "key"):
        runs(monkeypatch, COUNTED)
        (node,) = built(settings, ["int_units"])
    assert node.good
