"""The register's commands teach, end with the codes that they document, and need no vault where they promise so."""

import re
import shutil
from pathlib import Path

import pytest
from click.testing import CliRunner

from orchestration.cli import quorum
from orchestration.config import load
from orchestration.register import RELEASES, entries
from orchestration.vault import opened
from tests.unit.release_world import P1, P2
from tests.unit.release_world import world as made

CONFIG = "roster: r.yaml\nsystems: {git: {repositories: [/nowhere]}}\n"


@pytest.fixture
def world(tmp_path, monkeypatch):
    with made(tmp_path, monkeypatch) as world:
        yield world


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUORUM_CONFIG", raising=False)
    monkeypatch.setenv("QUORUM_HOME", str(tmp_path / "home"))
    (tmp_path / "quorum.yaml").write_text(CONFIG)

    def invoke(*words):
        return CliRunner().invoke(quorum, [str(word) for word in words])

    return invoke


@pytest.mark.parametrize("command", ["verify", "restate", "retract", "pause", "resume"])
def test_every_command_says_what_it_does(call, command):
    ended = call(command, "--help")
    assert ended.exit_code == 0
    assert "Usage:" in ended.output


def test_verify_needs_a_release_and_nothing_else(call, world, tmp_path):
    copy = tmp_path / "elsewhere" / "copy"
    shutil.copytree(world.released(P1).release.path, copy)
    (tmp_path / "quorum.yaml").unlink()
    shutil.rmtree(tmp_path / "home")
    ended = call("verify", copy)
    assert ended.exit_code == 0
    assert "1 entries, 2 periods, all files" in ended.output
    assert entries(world.vault, RELEASES)[0].digest in ended.output


def test_verify_asks_the_vault_for_the_verdicts(call, world, tmp_path):
    world.released(P1)
    ended = call("verify", "--verdicts")
    assert (ended.exit_code, "there is no vault" in ended.output) == (2, True)
    with opened(load(tmp_path / "quorum.yaml", home=tmp_path / "home")) as vault:
        for row in world.vault.execute("from vault.ops.proofs").fetchall():
            vault.connection.execute("insert into vault.ops.proofs values (?, ?, ?, ?, ?, ?, ?, ?)", row)
    assert call("verify", "--verdicts").exit_code == 0
    with opened(load(tmp_path / "quorum.yaml", home=tmp_path / "home")) as vault:
        vault.connection.execute("update vault.ops.proofs set policy = 'x' where table_name = 'team_tasks'")
    ended = call("verify", "--verdicts")
    assert (ended.exit_code, "table team_tasks: no verdict" in ended.output) == (4, True)
    assert call("verify").exit_code == 0


def test_verify_takes_what_is_published_by_default(call, world):
    world.released(P1)
    assert call("verify").exit_code == 0
    digest = entries(world.vault, RELEASES)[0].digest
    assert call("verify", "--noted", digest).exit_code == 0
    ended = call("verify", "--noted", digest[::-1])
    assert ended.exit_code == 4
    assert "the past was written anew" in ended.output


def test_verify_tells_every_fault_and_ends_with_4(call, world):
    path = world.released(P1).release.path
    world.edit("update team_delivery set changes_merged = 30 where unit_id = 'red'")
    (path / "report" / "index.html").write_text("<p>all is well</p>")
    ended = call("verify")
    assert ended.exit_code == 4
    assert "table team_delivery: the rows are not those that were released" in ended.output
    assert "report/index.html was changed" in ended.output
    assert "Traceback" not in ended.output


def test_verify_without_a_release_ends_with_2(call):
    ended = call("verify")
    assert ended.exit_code == 2
    assert "nothing is published" in ended.output


def test_a_pause_is_made_and_ended_without_opening_the_vault(call, world):
    assert "(incident)" in call("pause", "--reason", "incident").output
    assert "(incident)" in call("pause").output, "the one that holds stays"
    world.block(P1)
    world.judge(P1)
    outcome = world.publish()
    assert outcome.release is None
    assert {(one.table_name, one.reason) for one in outcome.refusals} == {
        ("team_delivery", "publishing is paused"),
        ("team_tasks", "publishing is paused"),
    }
    assert "goes on" in call("resume").output
    assert "was not paused" in call("resume").output
    assert world.publish().release is not None


def test_a_pause_made_while_a_release_is_written_still_stops_it(call, world, monkeypatch):
    from orchestration import publish as publishing

    world.block(P1)
    world.judge(P1)
    real = publishing.release_tables.write

    def meanwhile(*args, **kwargs):
        call("pause")
        real(*args, **kwargs)

    monkeypatch.setattr(publishing.release_tables, "write", meanwhile)
    with pytest.raises(publishing.ReleaseError, match="paused"):
        world.publish()
    assert not world.published.exists()
    assert list((world.published.parent / "releases").iterdir()) == []


def test_a_pause_that_cannot_be_read_holds(call, world):
    world.publication.home.mkdir()
    (world.publication.home / "paused").write_text("{")
    world.block(P1)
    world.judge(P1)
    assert world.publish().release is None


@pytest.mark.parametrize("words", [("team_delivery", "2026-08-10", "--reason", "Ada asked"), ("team_delivery", "x")])
@pytest.mark.parametrize("command", ["restate", "retract"])
def test_a_reason_is_one_of_a_few_words(call, command, words):
    ended = call(command, *words)
    assert ended.exit_code == 2


def test_what_takes_back_waits_for_no_dbt(call, tmp_path):
    """It would have to compile its project, which a change of ours may have broken."""
    ended = call("retract", "team_delivery", "2026-08-10", "--reason", "erasure")
    assert ended.exit_code == 1
    assert "nothing was released yet" in ended.output
    assert not (tmp_path / "home" / "work" / "dbt").exists()


def test_the_page_that_tells_how_to_verify_by_hand_is_right(world, monkeypatch):
    world.released(P1)
    path = world.released(P2).release.path
    page = (Path(__file__).parents[2] / "docs" / "register.md").read_text()
    (program,) = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    monkeypatch.chdir(path)
    known: dict[str, object] = {}
    exec(program, known)
    assert known["before"] == entries(world.vault, RELEASES)[-1].digest
    world.edit("update releases set policy = 'laxer' where previous is null")
    with pytest.raises(AssertionError):
        exec(program, {})
