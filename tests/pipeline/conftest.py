"""The first night as two fixtures: to look at, and to go on from in a copy."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.pipeline.built import Home, company
from tests.pipeline.story import FIRST, Story

__all__ = ["FIRST"]


@pytest.fixture
def first_night(story: Story):
    """The home as the first night left it, and how that ended."""
    return story.first, story.nights["first"]


@pytest.fixture
def after_first_night(story: Story, tmp_path: Path) -> Iterator[Home]:
    """A copy of it, with the company listening."""
    with company(story.middle, until=FIRST):
        yield story.first.copy(tmp_path / "home")
