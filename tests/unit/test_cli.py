"""The command line teaches, and ends with the exit code that it documents."""

import fcntl
import json
import re
from contextlib import contextmanager
from datetime import date

import pytest
from click.testing import CliRunner

from orchestration.cli import quorum
from orchestration.config import load
from orchestration.vault import opened
from sources.sandbox.faults import KINDS, SYSTEMS
from sources.sandbox.settings import Sandbox
from sources.sandbox.truth import write_truth


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUORUM_CONFIG", raising=False)
    monkeypatch.setenv("QUORUM_HOME", str(tmp_path / "home"))

    def invoke(*words):
        return CliRunner().invoke(quorum, words)

    return invoke


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("nightly",),
        ("ui",),
        ("sandbox",),
        ("sandbox", "serve"),
        ("sandbox", "truth"),
        ("conformance",),
        ("doubts",),
        ("schema",),
    ],
)
def test_every_command_says_what_it_does(call, words):
    ended = call(*words, "--help")
    assert ended.exit_code == 0
    assert "Usage:" in ended.output


def test_help_of_a_night_lists_the_exit_codes(call):
    assert "Exit codes" in call("nightly", "--help").output


def test_help_of_the_sandbox_names_every_fault_every_system_and_every_file_of_the_truth(call, tmp_path):
    told = call("sandbox", "serve", "--help").output
    assert [kind for kind in KINDS if not re.search(rf"\b{kind}\b", told)] == []
    assert set(re.findall(r"\w+", re.search(r"a\s+system\s+\(([^)]+)\)", told)[1])) == SYSTEMS
    write_truth(Sandbox(start=date(2026, 1, 5), until=date(2026, 1, 12)), tmp_path)
    told = call("sandbox", "truth", "--help").output
    assert [path.stem for path in tmp_path.iterdir() if path.stem not in told] == []


def test_the_schema_of_an_events_file_is_printed_as_json(call):
    ended = call("schema", "events")
    assert ended.exit_code == 0
    assert set(json.loads(ended.output)["$defs"]) == {"Deployment", "Incident"}


@pytest.mark.parametrize("plant", ["review", "stage=lunch,team=search,from=2026-01-05,factor=4", "stage=review,team=x"])
def test_a_plant_that_cannot_be_read_is_refused_with_its_form(call, plant, tmp_path):
    ended = call("sandbox", "truth", str(tmp_path / "truth"), "--plant", plant)
    assert ended.exit_code == 2
    assert "stages are coding, pickup, review, merge_wait" in ended.output
    assert not (tmp_path / "truth").exists()


def test_a_missing_configuration_ends_with_2(call):
    ended = call("nightly")
    assert ended.exit_code == 2
    assert "quorum.yaml is not there" in ended.output


def test_a_token_that_is_not_set_ends_with_2_and_is_named(call, tmp_path):
    (tmp_path / "quorum.yaml").write_text(
        "roster: r.yaml\nsystems: {github: {url: http://127.0.0.1:1, organisation: acme, token: NOT_SET}}\n"
    )
    ended = call("nightly")
    assert ended.exit_code == 2
    assert "NOT_SET" in ended.output


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ("polcy: {k: 5}", "the nearest valid one is `policy`"),
        ("policy: {k: 1}", "policy.k"),
        ("period: fortnight", "period: Input should be 'four_weeks'"),
    ],
)
def test_a_wrong_configuration_ends_with_2_before_anything_is_made(call, tmp_path, wrong, said):
    (tmp_path / "quorum.yaml").write_text(f"roster: r.yaml\nsystems: {{git: {{repositories: [/nowhere]}}}}\n{wrong}\n")
    ended = call("nightly")
    assert ended.exit_code == 2
    assert said in ended.output
    assert "Traceback" not in ended.output
    assert not (tmp_path / "home").exists()


def test_a_day_that_is_none_is_refused(call):
    assert call("nightly", "--as-of", "soon").exit_code == 2


def test_a_day_that_is_not_yet_is_refused_where_systems_are_real(call, tmp_path):
    (tmp_path / "quorum.yaml").write_text("roster: r.yaml\nsystems: {git: {repositories: [/nowhere]}}\n")
    ended = call("nightly", "--as-of", "2999-01-01")
    assert ended.exit_code == 2
    assert "is not yet" in ended.output
    assert not (tmp_path / "home").exists()


@contextmanager
def damaged(settings):
    settings.vault_file.write_bytes(settings.vault_file.read_bytes()[:1000])
    yield


@contextmanager
def with_another_key(settings):
    (settings.home / "key").write_text("k" * 64)
    yield


@contextmanager
def held(settings):
    with settings.vault_file.with_suffix(".lock").open("a") as lock:  # as another process has it
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@pytest.mark.parametrize(
    ("wrong", "said"),
    [(damaged, "no whole database"), (with_another_key, "made with another key"), (held, "another night is running")],
)
def test_a_vault_that_cannot_be_opened_ends_with_3(call, tmp_path, wrong, said):
    (tmp_path / "quorum.yaml").write_text("roster: r.yaml\nsystems: {git: {repositories: [/nowhere]}}\n")
    settings = load(tmp_path / "quorum.yaml", home=tmp_path / "home")
    with opened(settings):
        pass
    with wrong(settings):
        ended = call("nightly")
    assert ended.exit_code == 3
    assert said in ended.output
