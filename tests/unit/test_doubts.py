"""What is doubtful is told in bands by a night, exactly on the terminal, and stops nothing."""

import dagster as dg
import pytest
from click.testing import CliRunner

from orchestration.cli import quorum
from orchestration.config import load
from orchestration.doubts import DOUBTS, KNOWN, counts, lines
from orchestration.doubts_check import doubts_check
from orchestration.summary import Ended, summary
from orchestration.vault import opened

ROWS = [("in_no_team", "github_changes", 3), ("machine", "github_reviews", 1234), ("machine", "actions_runs", 120)]


@pytest.fixture
def settings(tmp_path, monkeypatch):
    monkeypatch.delenv("QUORUM_KEY", raising=False)
    monkeypatch.setenv("QUORUM_HOME", str(tmp_path / "home"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "quorum.yaml").write_text("roster: roster.yaml\nsystems: {git: {repositories: [/nowhere]}}\n")
    return load(tmp_path / "quorum.yaml", home=tmp_path / "home")


def counted(settings, rows):
    with opened(settings) as vault:
        vault.connection.execute("create schema vault.intermediate")
        vault.connection.execute(
            "create table vault.intermediate.int_doubts(doubt varchar, stream varchar, records int)"
        )
        vault.connection.executemany("insert into vault.intermediate.int_doubts values (?, ?, ?)", rows)
        return counts(vault.connection)


def test_a_night_tells_a_line_a_kind_in_bands(settings):
    assert list(lines(counted(settings, ROWS))) == [
        "by machines: 120 of actions_runs, 1200 of github_reviews; " + KNOWN["machine"].then,
        "by people who had no team on the first day of their four weeks: <100 of github_changes; in no number",
    ]


def test_the_summary_says_so_either_way(settings):
    assert "doubtful: nothing" in list(summary(settings, {}, Ended(green=True)))
    assert "  two" in list(summary(settings, {}, Ended(green=True, doubtful=["one", "two"])))


@pytest.mark.parametrize(("rows", "passed"), [(ROWS, False), (ROWS[1:], True), (ROWS[:0], True)])
def test_the_check_warns_of_what_needs_to_be_looked_at_and_knows_bands_alone(settings, rows, passed):
    if rows:
        counted(settings, rows)
    found = doubts_check(settings)()
    assert (found.passed, found.severity) == (passed, dg.AssetCheckSeverity.WARN)
    assert {name: value.value for name, value in found.metadata.items()} == {
        f"{doubt}, {stream}": {3: "<100", 120: "120", 1234: "1200"}[records] for doubt, stream, records in rows
    }


def test_the_command_tells_exact_counts_and_what_to_do(settings):
    counted(settings, ROWS)
    ended = CliRunner().invoke(quorum, ["doubts"], env={"COLUMNS": "200"})
    assert ended.exit_code == 0
    assert "1234" in ended.output
    assert "dates of memberships" in ended.output


def test_before_the_first_build_there_is_nothing_to_tell(settings):
    ended = CliRunner().invoke(quorum, ["doubts"])
    assert (ended.exit_code, "nothing was built yet" in ended.output) == (0, True)


def test_every_kind_has_its_words():
    assert len(KNOWN) == len(DOUBTS)
    assert all(doubt.what and doubt.then and doubt.remedy.endswith(".") for doubt in DOUBTS)
