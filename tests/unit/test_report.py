"""The manager's page: every published number is readable, and a withheld one is a gap, never a zero or a reason."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser

import duckdb
import pytest

from report.measures import MEASURES, Kind
from report.page import render
from report.reading import read
from report.sections import flow, section, share, written
from report.stages import held, stages

STARTS = [date(2026, 8, 10), date(2026, 9, 7), date(2026, 10, 5)]
NAMES = {"red": "Red & <b>bold</b>", "blue": "Blue", "tiny": "Tiny", "web": "Web", "acme": "Acme"}
UNITS = [
    ("acme", None, "org"), ("rest:org", "acme", "rest"), ("web", "acme", "group"), ("rest:web", "web", "rest"),
    ("red", "web", "team"), ("blue", "web", "team"), ("tiny", "web", "team"), ("lone", "web", "team"),
]  # fmt: skip
VALUES = {
    "team_delivery": {
        "changes_merged": 1230,
        "cycle_time_hours_p50": 12.5,
        "change_size_lines_p50": 63.0,
        "pickup_hours_p50": 4.0,
        "review_hours_p50": 8.0,
        "unreviewed_rate_pct": 5,
        "self_merged_rate_pct": 10,
        "another_round_rate_pct": 30,
        "revert_rate_pct": 5,
        "large_change_rate_pct": 10,
        "coding_share_pct": 60,
        "review_share_pct": 25,
        "merge_wait_share_pct": None,
        "other_stages_share_pct": 15,
    },
    "team_code_volume": {"lines_added": 4000, "lines_deleted": 1500},
    "team_tasks": {
        "tasks_completed": 40,
        "lead_time_hours_p50": 125.0,
        "task_cycle_time_hours_p50": 50.0,
        "bug_rate_pct": 25,
        "reopened_rate_pct": 5,
        "unplanned_rate_pct": 20,
    },
    "team_wip": {
        "open_items": 40,
        "open_age_hours_p50": 100.0,
        "open_task_rate_pct": 50,
        "idle_rate_pct": 25,
    },
    "team_dora": {
        "deployments": 60,
        "change_lead_time_hours_p50": 50.0,
        "deploy_wait_hours_p50": 5.0,
        "recovery_time_hours_p50": 5.0,
        "change_fail_rate_pct": 10,
        "deployment_rework_rate_pct": 5,
        "change_linked_rate_pct": 60,
        "failure_linked_rate_pct": 70,
    },
    "team_ci": {
        "runs_completed": 300,
        "success_rate_pct": 80,
        "rerun_rate_pct": 5,
        "run_duration_hours_p50": 0.25,
        "queue_minutes_p50": 1.25,
        "time_to_green_hours_p50": 2.5,
    },
}
WITHHELD = {"tiny", "lone", "rest:org"}


@pytest.fixture
def published():
    return database()


def database(tables=tuple(VALUES), starts=STARTS):
    connection = duckdb.connect(":memory:")
    connection.execute(
        "create table units "
        "(unit_id varchar, parent_id varchar, unit_level varchar, unit_name varchar, valid_from date);"
        "create table periods (table_name varchar, period_start date, period_end date, release_id varchar);"
        "create table cells (table_name varchar, period_start date, unit_id varchar, team_id varchar);"
        "create table releases as select '2026-11-23-1' as release_id, date '2026-11-23' as released_on"
    )
    for unit_id, parent, level in UNITS:
        values = [unit_id, parent, level, NAMES.get(unit_id, unit_id), STARTS[0]]
        connection.execute("insert into units values (?, ?, ?, ?, ?)", values)
    for table in tables:
        columns = VALUES[table]
        connection.execute(
            f"create table {table} (period_start date, unit_id varchar, status varchar, size_band varchar, "
            f"{', '.join(f'{name} double' for name in columns)})"
        )
        for start in starts:
            connection.execute("insert into periods values (?, ?, ?, 'r')", [table, start, start + timedelta(days=27)])
            connection.execute("insert into cells values (?, ?, 'rest:web', 'tiny')", [table, start])
            for unit_id, _, _ in UNITS:
                hidden = unit_id in WITHHELD
                row = [start, unit_id, "withheld" if hidden else "published", "6-9"]
                row += [None if hidden else value for value in columns.values()]
                connection.execute(f"insert into {table} values ({', '.join('?' * len(row))})", row)
    return connection


def test_the_stages_of_a_unit_add_up_in_one_bar(published):
    shown = stages(read(published))
    (panel,) = shown.panels
    assert panel.group == "Web"
    assert [name for name, _ in shown.legend] == ["Coding", "In review", "Other stages together"]
    assert panel.svg.count("Red &amp; &lt;b&gt;bold&lt;/b&gt;") >= 1
    assert "Tiny" not in panel.svg
    published.execute(
        "update team_delivery set coding_share_pct = null, review_share_pct = null, other_stages_share_pct = null"
    )
    assert stages(read(published)) is None


def test_the_stage_that_holds_a_team_up_is_named_with_what_is_usual():
    starts = [STARTS[0] + timedelta(weeks=4 * at) for at in range(14)]
    published = database(starts=starts)
    assert held(read(published)) == []
    published.execute(
        "create table team_bottlenecks as select period_start, unit_id, 'none' as bottleneck, "
        "null::smallint as bottleneck_share_pct, null::smallint as usual_share_pct from team_delivery"
    )
    assert held(read(published)) == []
    slow = "set bottleneck = 'review', bottleneck_share_pct = 60, usual_share_pct = 25"
    published.execute(f"update team_bottlenecks {slow} where unit_id = 'red' and period_start >= '{starts[-2]}'")
    published.execute(f"update team_bottlenecks {slow} where unit_id = 'blue' and period_start < '{starts[-1]}'")
    found = held(read(published))
    assert [(one.unit, one.stage, one.recent, one.usual) for one in found] == [(NAMES["red"], "In review", 60, 25)]
    assert "in review, of late 60 % of the cycle time, usually 25 %" in render(published)


class Elements(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.tags, self.addresses = [], []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.addresses += [value for name, value in attrs if name in ("src", "href", "action", "data")]


def test_the_page_runs_no_script_and_fetches_nothing(published):
    page = render(published)
    elements = Elements(page)
    assert "script" not in elements.tags
    assert all(address.startswith("#") for address in elements.addresses)
    assert "default-src 'none'" in page
    assert "@import" not in page
    assert "url(" not in page


def test_a_name_is_text_and_never_markup(published):
    page = render(published)
    assert "<b>bold" not in page
    assert "Red &amp; &lt;b&gt;bold" in page


def test_the_newest_period_stands_as_a_table(published):
    text = re.sub(r"<[^>]+>", " ", render(published)[render(published).index("<table>") :])
    for value in ("≤ 5 %", "12.5 h", "125 h", "4\u202f000", "–"):
        assert value in text


def test_two_renderings_are_the_same_bytes(published):
    assert render(published) == render(published)


def test_every_chart_says_what_it_shows(published):
    page = render(published)
    charts = re.findall(r"<svg role=\"img\".*?</svg>", page, flags=re.DOTALL)
    shown = [measure for measure in MEASURES if measure.table in read(published).rows]
    assert len(charts) == len(shown) + 2  # where time goes: medians, and stages
    assert all(re.search(r"<title>[^<]{10,}</title>", chart) for chart in charts)


def test_what_is_shown_too_seldom_is_named_and_not_drawn(published):
    published.execute("update team_delivery set large_change_rate_pct = null")
    published.execute("insert into team_delivery by name select * replace (period_start - 28 as period_start) from "
                      "(select * from team_delivery union all select * replace (period_start - 84 as period_start) "
                      "from team_delivery)")  # fmt: skip
    published.execute("update team_delivery set large_change_rate_pct = 10 where period_start = '2026-10-05'")
    page = render(published)
    assert "Shown too seldom to draw: Large changes." in page
    assert 'id="large_change_rate_pct"' not in page


def test_withheld_teams_have_no_line_and_are_counted(published):
    found = read(published)
    names = [name for panel in section(found, MEASURES[0]).panels for name, _ in panel.legend]
    assert names == ["Blue", NAMES["red"], "Other teams together"]
    delivery = share(found, "team_delivery")
    assert (delivery.own, delivery.merged, delivery.withheld) == (2, 1, 1)
    assert delivery.together == (("rest:web", "Tiny"),)


def test_durations_stand_side_by_side_in_the_newest_common_period():
    connection = database()
    connection.execute("delete from team_tasks where period_start = '2026-10-05'")
    assert flow(read(connection)).period == "7 Sep – 4 Oct 2026"


def test_a_table_without_source_and_one_without_rows_are_told_apart():
    page = render(database(tables=("team_delivery",)))
    assert "Tasks: no source is connected." in page
    connection = database()
    connection.execute("delete from team_tasks")
    assert "Tasks: nothing has been published yet." in render(connection)


def test_a_release_in_which_all_is_withheld_still_makes_a_page():
    connection = database()
    for table, columns in VALUES.items():
        connection.execute(f"update {table} set status = 'withheld', {', '.join(f'{one} = null' for one in columns)}")
    page = render(connection)
    assert "Delivery: all rows are withheld so far." in page
    assert "No unit has both" in page


@pytest.mark.parametrize(
    ("kind", "value", "text"),
    [
        (Kind.RATE, 5, "≤ 5 %"),
        (Kind.RATE, 95, "≥ 95 %"),
        (Kind.RATE, 50, "50 %"),
        (Kind.HOURS, 12.5, "12.5 h"),
        (Kind.HOURS, None, "–"),
        (Kind.COUNT, 0, "0"),
    ],
)
def test_values_are_written_as_they_may_be_read(kind, value, text):
    assert written(kind, value) == text
