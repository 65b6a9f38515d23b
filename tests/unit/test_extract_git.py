"""Commits reach the vault as numbers and pseudonyms, from real repositories, once and only when they are news."""

import os
import subprocess
from pathlib import Path

import pytest

from sources.errors import Gone, Unavailable
from sources.systems import load
from sources.systems.git import PAGE, SameName, name_of
from tests.memory_vault import PSEUDONYMS, MemoryVault

CANARY = "canary-7f3a"
GIT = load("git")
ANN = "ann@acme.example"


def git(folder, *words, address=ANN, when=1_700_000_000):
    """Run git as somebody, at some time."""
    who = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER")
           for part, value in (("NAME", CANARY), ("EMAIL", address), ("DATE", f"{when} +0200"))}  # fmt: skip
    env = {"PATH": os.environ["PATH"], "HOME": str(folder), "GIT_CONFIG_NOSYSTEM": "1", **who}
    words = ["git", "-C", str(folder), "-c", "init.defaultBranch=main", *words]
    return subprocess.run(words, env=env, check=True, capture_output=True, text=True).stdout.strip()


def write(folder, text, **who):
    Path(folder, f"{CANARY}.py").write_text(text)
    git(folder, "add", "-A")
    git(folder, "commit", "-q", "-m", CANARY, **who)


@pytest.fixture
def repository(tmp_path):
    folder = tmp_path / "acme" / "tool"
    folder.mkdir(parents=True)
    git(folder, "init", "-q")
    write(folder, "one\ntwo\n")
    write(folder, "one\n", address="7+Ben-B@users.noreply.github.com")
    return folder


def test_a_row_holds_counts_pseudonyms_and_utc(repository):
    vault = MemoryVault(GIT)
    run = vault.night(repositories=[str(repository)])
    assert run.failures == [] and run.streams_complete == {"commits"}
    second, first = vault.rows["commits"]
    assert first["author_key"] == PSEUDONYMS.account("email", ANN.upper())
    assert second["author_key"] == PSEUDONYMS.account("github", "ben-b")
    assert {row["repository_key"] for row in (first, second)} == {PSEUDONYMS.scope("repository", "Acme/Tool")}
    assert first["commit_key"] == PSEUDONYMS.key("commit", git(repository, "rev-parse", "HEAD~1"))
    assert (first["additions"], first["deletions"]) == (2, 0)
    assert (first["is_merge"], first["author_is_bot"]) == (False, False)
    assert str(first["authored_at"]) == "2023-11-14 22:13:20"


def test_nothing_that_was_written_is_in_a_row(repository):
    vault = MemoryVault(GIT)
    vault.night(repositories=[str(repository)])
    assert CANARY not in str(vault.rows) and ANN not in str(vault.rows)


def test_only_news_are_read(repository):
    vault = MemoryVault(GIT)
    vault.night(repositories=[str(repository)])
    assert vault.night(repositories=[str(repository)]).counters.rows == 0
    write(repository, "three\n")
    assert vault.night(repositories=[str(repository)]).counters.rows == 1
    assert len(vault.rows["commits"]) == 3


def test_an_address_without_news_is_one_question_and_no_clone(repository):
    address = f"file://{repository}"
    vault = MemoryVault(GIT)
    assert vault.night(repositories=[address]).counters.requests == 2
    assert vault.night(repositories=[address]).counters.requests == 1
    assert len(vault.rows["commits"]) == 2


def test_a_killed_night_goes_on_with_nothing_lost_and_nothing_twice(repository):
    lines = "".join(
        f"commit refs/heads/main\ncommitter N <{ANN}> {1_700_000_000 + n} +0000\ndata 0\n{first}\n"
        for n in range(2 * PAGE)
        for first in [f"from {git(repository, 'rev-parse', 'HEAD')}\n" if n == 0 else ""]
    )
    words = ["git", "-C", str(repository), "fast-import", "--quiet"]
    subprocess.run(words, input=lines.encode(), check=True)
    vault = MemoryVault(GIT)
    vault.night(repositories=[str(repository)], batches=1)
    assert vault.cursors == {}
    vault.night(repositories=[str(repository)])
    assert len(vault.rows["commits"]) == len(set(vault.column("commits", "commit_key"))) == 2 * PAGE + 2


def test_machines_are_flagged(repository):
    write(repository, "x\n", address="49699333+dependabot[bot]@users.noreply.github.com")
    vault = MemoryVault(GIT)
    vault.night(repositories=[str(repository)])
    assert sorted(vault.column("commits", "author_is_bot")) == [False, False, True]


def test_a_time_that_cannot_be_is_no_time(repository):
    write(repository, "x\n", when="@99999999999")
    vault = MemoryVault(GIT)
    run = vault.night(repositories=[str(repository)])
    assert run.failures == [] and vault.column("commits", "committed_at").count(None) == 1


def test_a_repository_that_is_gone_or_empty_stops_no_other(repository, tmp_path):
    git(tmp_path, "init", "-q", "empty")
    vault = MemoryVault(GIT)
    run = vault.night(repositories=[f"/nowhere/{CANARY}", str(tmp_path / "empty"), str(repository)])
    assert [type(failure.error) for failure in run.failures] == [Gone]
    assert CANARY not in str(run.failures[0].error)
    assert run.warnings == ["repository 2 of systems.git.repositories: no commit on its default branch"]
    assert len(vault.rows["commits"]) == 2


def test_a_repository_that_had_commits_is_not_empty_but_badly_reached(repository):
    vault = MemoryVault(GIT)
    vault.night(repositories=[str(repository)])
    git(repository, "checkout", "-q", "--orphan", "other")
    run = vault.night(repositories=[str(repository)])
    assert [type(failure.error) for failure in run.failures] == [Unavailable]
    assert run.streams_complete == frozenset() and len(vault.rows["commits"]) == 2


def test_a_repository_may_be_named(repository):
    vault = MemoryVault(GIT)
    vault.night(repositories=[{"address": str(repository), "repository": "meridian/tool"}])
    assert vault.column("commits", "repository_key")[0] == PSEUDONYMS.scope("repository", "meridian/tool")


def test_two_repositories_of_one_name_are_refused(repository):
    run = MemoryVault(GIT).night(repositories=[str(repository), f"file://{repository}"])
    assert [type(failure.error) for failure in run.failures] == [SameName]


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("https://github.com/acme/tool.git", "acme/tool"),
        ("https://host/group/acme/tool/", "acme/tool"),
        ("git@github.com:acme/tool.git", "acme/tool"),
        ("ssh://git@host:22/acme/tool.git", "acme/tool"),
        ("http://127.0.0.1:8787/git/acme/tool.git", "acme/tool"),
        ("https://host/tool.git", "tool"),
        ("/srv/acme/tool.git", "acme/tool"),
    ],
)
def test_a_repository_is_named_by_its_address(address, name):
    assert name_of(address) == name
