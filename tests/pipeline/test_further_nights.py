"""Nights after the first: what is sealed stays as it is, byte for byte, whatever comes later."""

import pytest

from tests.pipeline.story import CLOSES, Story

TABLES = ("team_delivery", "team_code_volume", "team_tasks")


@pytest.mark.parametrize("night", ["first", "quiet", "closing", "late", "repaired"])
def test_every_night_is_green(story: Story, night: str):
    assert story.nights[night].status == 0, story.nights[night].said


def test_a_night_without_news_touches_no_published_file(story: Story):
    assert story.files["quiet"] == story.files["first"]
    assert story.releases["quiet"] == story.releases["first"]


def test_a_period_that_closes_is_published_without_any_news(story: Story):
    assert story.periods("first") < story.periods("closing")
    assert {start for _, start in story.periods("closing") - story.periods("first")} == {CLOSES}
    assert {table for table, _ in story.periods("closing") - story.periods("first")} == set(TABLES)


@pytest.mark.parametrize("later", ["quiet", "closing", "late", "repaired"])
def test_sealed_rows_never_change(story: Story, later: str):
    for table, rows in story.rows["first"].items():
        assert story.rows[later][table][: len(rows)] == rows, table


def test_late_changes_arrived_and_still_changed_nothing(story: Story):
    """The late ones stand in the vault, in periods that were sealed long ago."""
    assert story.late_in_the_vault > 0
    for table in TABLES:
        assert story.rows["late"][table][: len(story.rows["closing"][table])] == story.rows["closing"][table]
