"""What the first night published is what really happened: every row and cell, by code that shares nothing with it."""

from pathlib import Path

import pytest

from tests import truth as account
from tests.oracle import TABLES, Table, publish
from tests.pipeline.story import FIRST, Story


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_published_value_is_the_oracles(story: Story, truth: Path, table: Table):
    expected, _ = publish(table, account.blocks(truth, table.name, FIRST))
    names = list(next(iter(expected.values())))
    listed = story.first.rows(f"select {', '.join(names)} from {table.name}")
    published = {(row[0], row[1]): dict(zip(names, row, strict=True)) for row in listed}
    assert len(listed) == len(published)
    assert published.keys() == expected.keys()
    assert {key: row for key, row in published.items() if row != expected[key]} == {}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_cells_are_the_oracles(story: Story, truth: Path, table: Table):
    _, expected = publish(table, account.blocks(truth, table.name, FIRST))
    assert set(story.first.rows(f"select * from cells where table_name = '{table.name}'")) == expected


def test_the_company_is_worth_the_comparison(story: Story):
    """Own rows, rests of both levels, withheld rows, NULL measures: all of them occur."""
    [(own, rest, root, withheld, silent)] = story.first.rows(
        "select count(*) filter (unit_level = 'team' and status = 'published'), "
        "count(*) filter (unit_level = 'rest' and status = 'published' and unit_id <> 'rest:org'), "
        "count(*) filter (unit_id = 'rest:org' and status = 'published'), count(*) filter (status = 'withheld'), "
        "count(*) filter (status = 'published' and unreviewed_rate_pct is null) from team_delivery"
    )
    assert min(own, rest, root, withheld, silent) > 10


def test_the_tasks_are_worth_the_comparison(story: Story):
    """Each measure of tasks is shown somewhere and silent somewhere; the p90 is out of reach for a company so small."""
    [shown] = story.first.rows(
        "select count(lead_time_hours_p50), count(lead_time_hours_p75), count(task_cycle_time_hours_p50), "
        "count(task_cycle_time_hours_p75), count(bug_rate_pct), count(reopened_rate_pct) "
        "from team_tasks where status = 'published'"
    )
    [(rows,)] = story.first.rows("select count(*) from team_tasks where status = 'published'")
    assert all(0 < cells < rows for cells in shown)
