"""One night ends in a release that can be queried, and says what it did; a night that cannot begin changes nothing."""

import re
import stat
from datetime import timedelta

import pytest

from orchestration.redact import band
from tests.pipeline.built import Home
from tests.pipeline.story import FIRST, TABLES, Story

COUNTS = {"rows", "requests", "megabytes", "roster_units", "roster_members", "roster_accounts"}
OTHERS = {"seconds", "status", "warnings", "periods", "passed", "release"}
COUNTED = {
    "raw/github/changes": "raw.github_changes",
    "raw/jira/issues": "raw.jira_issues",
    "intermediate/int_ledger": "intermediate.int_ledger",
    "protected/team_delivery": "protected.team_delivery",
}
SUMMARY = (
    *("extracted", "published:", "teams have a row of their own", "are merged", "blocked or failed: nothing"),
    *("database:", "docs:", "report:"),
)


def test_the_first_night_says_what_it_did(story: Story):
    said = story.nights["first"].said
    assert [word for word in SUMMARY if word not in said] == []


@pytest.mark.attack(51)
def test_dagster_is_told_how_many_rows_in_bands_how_many_seconds_and_no_more(copied: Home):
    told = copied.told()
    assert {name for metadata in told.values() for name in metadata} <= COUNTS | OTHERS
    counts = [value for metadata in told.values() for name, value in metadata.items() if name in COUNTS]
    assert [one for one in counts if not re.fullmatch("0|<100|[1-9][0-9]0*", one)] == []
    assert {key for key, metadata in told.items() if "seconds" not in metadata} == {"raw/roster", "night"}
    with copied.vault() as connection:
        for key, table in COUNTED.items():
            count = connection.execute(f"select count(*) from vault.{table}").fetchone()[0]
            assert told[key]["rows"] == band(count)


@pytest.mark.parametrize("table", TABLES)
def test_the_first_night_publishes_teams_with_rows_of_their_own(story: Story, table: str):
    own = [row for row in story.rows["first"][table] if row[3:5] == ("team", "published")]
    assert own


def test_everything_in_the_home_is_for_its_owner_alone(story: Story):
    modes = {path: stat.S_IMODE(path.lstat().st_mode) for path in story.home.quorum.rglob("*") if not path.is_symlink()}
    assert [path for path, mode in modes.items() if mode & 0o077] == []


def test_a_clock_that_goes_back_ends_with_2_and_changes_nothing(copied: Home):
    before = copied.files()
    night = copied.night(FIRST - timedelta(days=1))
    assert night.status == 2
    assert "the clock does not go back" in night.said
    assert copied.files() == before
