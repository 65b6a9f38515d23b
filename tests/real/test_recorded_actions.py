"""Runs of workflows that GitHub really told of, served again over HTTP; a fork's own `master` is no default branch.

The folder lies beside the checkout; where it is absent these tests skip.
"""

import json
from pathlib import Path

import pytest

from sources.systems import load
from tests.fake_actions import actions
from tests.fake_server import Reply, serving
from tests.memory_vault import PSEUDONYMS, MemoryVault

RECORDED = Path(__file__).parents[2].parent / "shared" / "data" / "recorded" / "github"
pytestmark = pytest.mark.skipif(
    not RECORDED.is_dir(), reason="no recorded answers: ../shared/data/recorded/github is absent"
)
ANTS, OLD = "panjf2000/ants", "PyGithub/PyGithub"


def recorded(name):
    return json.loads((RECORDED / name).read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def vault():
    [old] = [each["body"] for each in recorded("pygithub_workflow_runs.json") if "workflow_runs" in each["body"]]
    branch = {"default_branch": "master"}

    def trouble(request):
        return Reply(branch) if request.path in (f"/repos/{ANTS}?per_page=100", f"/repos/{ANTS}") else None

    found = {ANTS: recorded("devlake_workflow_runs.json"), OLD: old["workflow_runs"]}
    kept = MemoryVault(load("actions"), repositories=[ANTS, OLD])
    with serving(actions(found, trouble=trouble)) as server:
        assert kept.night(server.url).failures == []
    return kept


def rows(vault, repository):
    wanted = PSEUDONYMS.scope("repository", repository)
    return [row for row in vault.rows["runs"] if row["repository_key"] == wanted]


def test_what_was_done_is_stored_once_and_what_was_not_is_not(vault):
    assert len(rows(vault, ANTS)) == 6  # four more have a status that says nothing of an end
    assert len(rows(vault, OLD)) == len({row["run_key"] for row in rows(vault, OLD)}) > 0


def test_a_push_is_on_the_default_branch_and_a_fork_of_the_same_name_is_not(vault):
    found = {(row["event"], row["attempt"]): row["is_default_branch"] for row in rows(vault, ANTS)}
    assert found == {("schedule", 1): True, ("change", 2): False, ("push", 1): True}


def test_an_attempt_starts_anew_and_the_run_keeps_its_creation(vault):
    [again] = [row for row in rows(vault, ANTS) if row["attempt"] == 2]
    assert (again["started_at"] - again["created_at"]).days == 1
    others = [row for row in rows(vault, ANTS) if row["attempt"] == 1]
    assert all(row["started_at"] == row["created_at"] < row["completed_at"] for row in others)


def test_runs_older_than_attempts_are_first_ones(vault):
    assert {(row["attempt"], row["started_at"]) for row in rows(vault, OLD)} == {(1, None)}


def test_no_text_of_the_answers_is_kept(vault):
    stored = str(vault.rows)
    assert not any(word in stored for word in ("panjf2000", "CodeQL", "master", "Fix_rm_redundancy_code", "ants"))
