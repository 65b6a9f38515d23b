"""docs/collected.md tells every column that a source stores, each in words of its own row."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources import systems
from sources.stream import Column, Stream

PAGE = (Path(__file__).parents[2] / "docs" / "collected.md").read_text()
INTRO, _, TABLE = PAGE.partition("| source |")
WORDS = {  # where the page says it in other words than the column's name has
    "additions": "lines added|line counts",
    "assignee_is_bot": "assigned to a bot",
    "at": "their times",
    "author_is_bot": "by a bot",
    "authored_at": "authored and committed times",
    "caused_by_key": "the deployment that caused it",
    "changed_files": "number of files changed",
    "change_updated_at": "when the change was last updated",
    "committed_at": "authored and committed times",
    "completed_at": "last updated",
    "deletions": "lines added and deleted|line counts",
    "deployer_key": "who triggered it",
    "field": "moves between statuses, .* and between assignees",
    "finished_at": "times?",
    "fixes_key": "the deployment it mends",
    "from_assignee_key": "between assignees",
    "from_category": "moves between statuses, as their categories",
    "from_class": "moves between statuses, as their categories and classes",
    "is_base_default": "on the default branch",
    "is_mapped": "both statuses mapped",
    "is_whole": "whole repository",
    "issue_type": "type class",
    "issue_updated_at": "when the issue was last updated",
    "line_comments": "number of comments on lines",
    "merged_by_is_bot": "merged by a bot",
    "merged_by_key": "merger",
    "opened_at": "opened|times",
    "parents": "number of parents",
    "project_key": "projects",
    "queue_seconds": "seconds until its first job began",
    "repository_key": "repositories",
    "resolved_at": "resolved|times",
    "reverts_key": "which change they revert",
    "reviewer_is_bot": "by a bot",
    "started_at": "started|times",
    "starter_is_bot": "by a bot",
    "starter_key": "who started it",
    "status_class": "status category and class",
    "submitted_at": "time",
    "to_assignee_key": "between assignees",
    "to_category": "moves between statuses, as their categories",
    "to_class": "moves between statuses, as their categories and classes",
    "told_by": "which of them",
    "workflow_key": "which workflow",
}


def _stored(system: str) -> str:
    """What the page says is stored of a system: the second cells of its rows; the intro speaks of all."""
    rows = [[cell.strip().casefold() for cell in line.split("|")[1:3]] for line in TABLE.splitlines() if "|" in line]
    heads = [at for at, (source, _) in enumerate(rows) if source]
    first = next(at for at in heads if rows[at][0] == system)
    end = next((at for at in heads if at > first), len(rows))
    return " ".join([INTRO.casefold(), *(stored for _, stored in rows[first:end])])


def _untold(system: str) -> Iterator[str]:
    said = _stored(system)
    for stream in systems.load(system).streams:
        for column in stream.columns:
            if not re.search(_words(stream, column), said):
                yield f"docs/collected.md: the row of {system} does not tell {stream.name}.{column.name}"


def _words(stream: Stream, column: Column) -> str:
    if (column.name,) == stream.key:
        return "the keys of records"
    plain = column.name.removeprefix("is_").removesuffix("_at").removesuffix("_key").replace("_", " ")
    return WORDS.get(column.name, rf"\b{plain}")


@pytest.mark.parametrize("name", systems.names())
def test_every_column_is_told(name: str) -> None:
    found = list(_untold(name))
    assert not found, "\n" + "\n".join(found)
