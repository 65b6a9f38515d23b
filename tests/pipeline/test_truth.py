"""What nights published is what really happened: every row and cell, by code that shares nothing with it."""

from pathlib import Path

import pytest

from tests import truth as account
from tests.oracle import TABLES, Table, publish
from tests.oracle.bottlenecks import HEAD, TELLS, bottlenecks
from tests.pipeline.story import CLOSING, FIRST, Story
from tests.pipeline.story import TABLES as PUBLISHED

NIGHTS = {"first": FIRST, "closing": CLOSING}  # between them nothing happened but that a block came to its end
OUT_OF_REACH = {
    "team_delivery": {"revert_rate_pct", "unreviewed_wait_share_pct", "unapproved_review_share_pct"},
    "team_tasks": {"lead_time_hours_p90", "task_cycle_time_hours_p90"},
    "team_dora": {"change_lead_time_hours_p90", "deployment_rework_rate_pct", "failure_linked_rate_pct"},
}


def test_every_published_table_has_an_oracle():
    assert {table.name for table in TABLES} | {"team_bottlenecks"} == set(PUBLISHED)


@pytest.mark.parametrize("night", NIGHTS)
@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_published_value_is_the_oracles(story: Story, truth: Path, table: Table, night: str):
    expected, _ = publish(table, account.blocks(truth, table.name, NIGHTS[night]))
    columns = [name for name, *_ in story.first.rows(f"describe {table.name}")]
    listed = [dict(zip(columns, row, strict=True)) for row in story.rows[night][table.name]]
    names = next(iter(expected.values())).keys()
    assert set(names) == set(columns)
    published = {(row["period_start"], row["unit_id"]): {name: row[name] for name in names} for row in listed}
    assert len(listed) == len(published)
    assert published.keys() == expected.keys()
    assert {key: row for key, row in published.items() if row != expected[key]} == {}


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_the_cells_are_the_oracles(story: Story, truth: Path, table: Table):
    _, expected = publish(table, account.blocks(truth, table.name, FIRST))
    assert set(story.first.rows(f"select * from cells where table_name = '{table.name}'")) == expected


def test_what_holds_a_unit_up_is_the_oracles_and_any_readers(story: Story, truth: Path):
    """From what the oracle publishes, and from what was published: the table says nothing that a reader cannot find."""
    delivery = next(table for table in TABLES if table.name == "team_delivery")
    expected, _ = publish(delivery, account.blocks(truth, delivery.name, FIRST))
    told, shown = listed(story, "team_bottlenecks", (*HEAD, *TELLS)), listed(story, "team_delivery")
    assert told == bottlenecks(expected)
    assert told == bottlenecks(shown)
    words = {row["bottleneck"] for row in told.values()}
    assert {None, "none"} <= words  # that a stage is named, random histories prove (test_bottlenecks_sql.py)
    assert {row["bottleneck"] for key, row in told.items() if shown[key]["status"] == "withheld"} == {None}


def listed(story: Story, table: str, names: tuple[str, ...] = ()):
    """Published rows by period and unit."""
    names = names or [name for name, *_ in story.first.rows(f"describe {table}")]
    rows = story.first.rows(f"select {', '.join(names)} from {table}")
    found = [dict(zip(names, row, strict=True)) for row in rows]
    return {(row["period_start"], row["unit_id"]): row for row in found}


def test_the_company_is_worth_the_comparison(story: Story):
    """Own rows, rests of both levels, withheld rows, NULL measures: all of them occur."""
    [(own, rest, root, withheld, silent)] = story.first.rows(
        "select count(*) filter (unit_level = 'team' and status = 'published'), "
        "count(*) filter (unit_level = 'rest' and status = 'published' and unit_id <> 'rest:org'), "
        "count(*) filter (unit_id = 'rest:org' and status = 'published'), count(*) filter (status = 'withheld'), "
        "count(*) filter (status = 'published' and unreviewed_rate_pct is null) from team_delivery"
    )
    assert min(own, rest, root, withheld, silent) > 10


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_each_measure_is_shown_somewhere_and_silent_somewhere(story: Story, table: Table):
    """But for what a company so small is too small for, which random companies show (test_atoms_sql.py)."""
    counts = ", ".join(f"count({column})" for column in table.columns)
    [(rows, *cells)] = story.first.rows(f"select count(*), {counts} from {table.name} where status = 'published'")
    shown = dict(zip(table.columns, cells, strict=True))
    assert {column for column, times in shown.items() if times == 0} == OUT_OF_REACH.get(table.name, set())
    assert {column for column, times in shown.items() if times == rows} == {*table.quantities, table.trend} - {""}
