"""Nights after the first: what is sealed stays as it is, byte for byte, whatever comes later."""

import pytest

from tests.pipeline.story import CLOSES, TABLES, Story


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
    assert story.sealed(later, of="first") == story.rows["first"]


@pytest.mark.parametrize("later", ["late", "repaired"])
def test_what_the_second_release_sealed_stays_too(story: Story, later: str):
    assert story.sealed(later, of="closing") == story.rows["closing"]


def test_late_changes_arrived_and_still_changed_nothing(story: Story):
    """They stand in the vault, in periods that were sealed long ago."""
    assert story.merged_before["late"] > story.merged_before["closing"]
    assert story.periods("late") > story.periods("closing")


def test_a_repaired_roster_publishes_no_period_again(story: Story):
    assert story.rows["repaired"] == story.rows["late"]
