"""The git source over the history of this very repository, with a made-up roster: numbers agree with git's own."""

import subprocess
from pathlib import Path

import pytest

from sources.roster import parse_roster
from sources.systems import load
from tests.memory_vault import PSEUDONYMS, MemoryVault

ROOT = Path(__file__).resolve().parents[2]
pytestmark = pytest.mark.skipif(not (ROOT / ".git").exists(), reason="this copy of the repository has no history")


def git(*words):
    return subprocess.run(["git", "-C", str(ROOT), *words], check=True, capture_output=True, text=True).stdout


@pytest.fixture(scope="module")
def vault():
    if git("rev-parse", "--is-shallow-repository").strip() == "true":
        pytest.skip("this copy of the repository has only a part of its history")
    vault = MemoryVault(load("git"))
    run = vault.night(repositories=[{"address": str(ROOT), "repository": "made-up/quorum"}])
    assert run.failures == []
    return vault


@pytest.fixture(scope="module")
def head(vault):
    """The newest commit that was read; others may come while the tests run."""
    return next(iter(vault.cursors.values()))


def test_every_commit_is_there_once(vault, head):
    wanted = {PSEUDONYMS.key("commit", sha) for sha in git("rev-list", head).split()}
    assert len(vault.rows["commits"]) == len(wanted)
    assert set(vault.column("commits", "commit_key")) == wanted


def test_lines_agree_with_numstat(vault, head):
    lines = [line.split("\t") for line in git("log", "--no-merges", "--numstat", "-M", "--format=", head).splitlines()]
    added = sum(int(line[0]) for line in lines if len(line) == 3 and line[0] != "-")
    deleted = sum(int(line[1]) for line in lines if len(line) == 3 and line[1] != "-")
    assert (sum(vault.column("commits", "additions")), sum(vault.column("commits", "deletions"))) == (added, deleted)


def test_a_made_up_roster_finds_its_people(vault, head):
    addresses = sorted(set(git("log", "--use-mailmap", "--format=%aE", head).split()))
    people = "".join(
        f"  - {{person: p-{at}, accounts: {{email: ['{address}']}}, teams: [{{team: makers, from: 2020-01-01}}]}}\n"
        for at, address in enumerate(addresses)
    )
    roster = parse_roster(
        (
            "organisation: {id: made-up, name: Made up}\n"
            "groups:\n  - {id: makers-all, name: Makers all, from: 2020-01-01}\n"
            "teams:\n  - {id: makers, name: Makers, group: makers-all, from: 2020-01-01}\n"
            f"people:\n{people}"
        ).encode()
    )
    known = set(roster.tables(PSEUDONYMS)["roster_accounts"]["account_key"].to_pylist())
    assert set(vault.column("commits", "author_key")) <= known


def test_nobody_and_no_text_is_in_a_row(vault, head):
    stored = str(vault.rows)
    said = (
        git("log", "--format=%an%n%ae%n%s%n%H", head).splitlines() + git("ls-tree", "-r", "--name-only", head).split()
    )
    assert [text for text in set(said) if len(text) > 6 and text in stored] == []
