"""Nights that go wrong: one clear message, exit code 1, released rows stay, nothing that identifies anybody anywhere.

Each begins with a copy of the home of the first night, on the day when a period of every table is due. A table whose
system fails keeps its rows; the others may go on. `make test` runs one night of each kind, `make test-all` all.
"""

import itertools
import re
import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.pipeline import between as fault
from tests.pipeline.built import Home, Night, company, kill, new_home
from tests.pipeline.driver import EMAIL
from tests.pipeline.leaks import found, needles
from tests.pipeline.story import CLOSES, CLOSING, FIRST, Story

slow = pytest.mark.slow
OF = {
    "github": {
        "team_bottlenecks",
        "team_delivery",
        "team_code_volume",
        "team_review",
        "team_wip",
        "team_dora",
        "team_ci",
    },
    "jira": {"team_tasks", "team_wip", "team_dora"},
}
ALL = OF["github"] | OF["jira"]
DELIVERY = {"team_delivery", "team_bottlenecks"}  # what rests on a table stays back with it


@contextmanager
def spoilt(story: Story, spoil: fault.Spoil) -> Iterator[None]:
    """The company, badly reached."""
    with company(story.middle, until=CLOSING):
        story.middle.spoil = spoil
        try:
            yield
        finally:
            story.middle.spoil = lambda reply: reply


def released(home: Home) -> set[str]:
    """The tables that published the period that was due."""
    return {table for (table,) in home.rows(f"select table_name from periods where period_start = '{CLOSES}'")}


def kept(story: Story, home: Home, tables: set[str]) -> None:
    """These tables show what they showed, and nothing else."""
    for table in tables:
        assert home.rows(f"select * from {table} order by all") == story.rows["first"][table]


def reasons(night: Night, system: str) -> list[str]:
    """What is told of a system that failed."""
    _, _, failed = night.said.partition("blocked or failed")
    return [line for line in failed.splitlines() if line.startswith(f"  {system}: ")]


def silent(home: Home, night: Night | None, identifiers: list[str]) -> None:
    """Neither the files nor the words of a night identify anybody."""
    wanted = needles([*identifiers, EMAIL], home.pseudonyms())
    (home.folder / "said.log").write_text(night.said if night else "")
    out = [home.quorum / "vault", home.quorum / "key"]
    assert found([home.folder], wanted, leave_out=out) == []


@pytest.mark.parametrize(
    ("spoils", "said"),
    [
        ({"github": fault.status(401), "jira": fault.malformed}, {"github": "401", "jira": "JSON"}),
        pytest.param({"github": fault.html, "jira": fault.status(403)}, {"github": "JSON", "jira": "403"}, marks=slow),
        pytest.param({"github": fault.half, "jira": fault.html}, {"github": "breaks off", "jira": "JSON"}, marks=slow),
        pytest.param(
            {"github": fault.malformed, "jira": fault.half}, {"github": "JSON", "jira": "breaks off"}, marks=slow
        ),
    ],
    ids=["401 and malformed", "HTML and 403", "half a page and HTML", "malformed and half a page"],
)
def test_systems_that_are_down_keep_their_tables_back(
    story: Story, copied: Home, identifiers: list[str], spoils: dict[str, fault.Spoil], said: dict[str, str]
):
    def spoil(reply: fault.Reply) -> fault.Reply:
        return next((one(reply) for part, one in spoils.items() if reply.path.startswith(f"/{part}")), reply)

    before, place = copied.files(), copied.release
    with spoilt(story, spoil):
        night = copied.night(CLOSING)
    assert night.status == 1
    for system, word in said.items():
        (line,) = reasons(night, system)
        assert word in line
    assert "Traceback" not in night.said
    assert (copied.files(), copied.release) == (before, place)  # git alone is no source of a table that github feeds
    silent(copied, night, identifiers)


@slow
def test_a_repository_that_is_gone_stops_the_tables_of_its_system_alone(
    story: Story, copied: Home, identifiers: list[str]
):
    config = copied.folder / "quorum.yaml"
    config.write_text(config.read_text().replace("organisation: meridian", "repositories: [meridian/gone-long-ago]"))
    with spoilt(story, lambda reply: reply):
        night = copied.night(CLOSING)
    assert night.status == 1
    (line,) = reasons(night, "github")
    assert "not there" in line
    assert "gone-long-ago" not in night.said
    assert released(copied) == OF["jira"] - OF["github"]
    kept(story, copied, OF["github"])
    silent(copied, night, identifiers)


@pytest.mark.parametrize(
    ("scenario", "rule"),
    [pytest.param("planted_email", "detectors.email", marks=slow), ("protect_forgotten", "recomputation")],
)
def test_a_table_that_went_wrong_inside_stops_itself_alone(
    story: Story, copied: Home, identifiers: list[str], scenario: str, rule: str
):
    with spoilt(story, lambda reply: reply):
        night = copied.night(CLOSING, scenario)
    assert night.status == 1
    assert "team_delivery" in night.said.partition("blocked or failed")[2]
    assert f"team_delivery is blocked by rule {rule}" in night.said
    assert re.search("team_bottlenecks (stayed back: team_delivery stays back|is blocked by rule derived)", night.said)
    assert released(copied) == ALL - DELIVERY
    kept(story, copied, DELIVERY)
    with copied.vault() as connection:
        connection.execute("delete from vault.protected.team_delivery")  # where the planted one may stand
    silent(copied, night, identifiers)


@slow
@pytest.mark.parametrize("scenario", ["killed_before_the_gate", "killed_between_swap_and_seal"])
def test_a_killed_night_is_made_good_by_the_next(story: Story, copied: Home, identifiers: list[str], scenario: str):
    before, place = copied.files(), copied.release
    with company(story.middle, until=FIRST):
        assert copied.night(CLOSING, scenario).status == -9
        if scenario == "killed_before_the_gate":
            assert (copied.files(), copied.release) == (before, place)
        silent(copied, None, identifiers)
        after = copied.night(CLOSING)
    assert after.status == 0, after.said
    assert released(copied) == ALL
    for table in ALL:
        assert copied.rows(f"select * from {table} order by all") == story.rows["closing"][table]


@slow
def test_a_full_disk_is_told_and_made_good_by_the_next_night(story: Story, copied: Home, identifiers: list[str]):
    before, place = copied.files(), copied.release
    with company(story.middle, until=FIRST):
        night = copied.night(CLOSING, "full_disk_in_published")
        assert night.status == 1
        assert "is full: free some space and run again" in night.said
        assert "Traceback" not in night.said
        assert (copied.files(), copied.release) == (before, place)
        silent(copied, night, identifiers)
        after = copied.night(CLOSING)
    assert after.status == 0, after.said
    assert released(copied) == ALL
    for table in ALL:
        assert copied.rows(f"select * from {table} order by all") == story.rows["closing"][table]


RAW = "select table_name from duckdb_tables() where database_name = 'vault' and schema_name = 'raw' order by 1"


def raw(home: Home) -> dict[str, list[tuple[object, ...]]]:
    """All that was read, as it stands in the vault."""
    with home.vault() as connection:
        names = [name for (name,) in connection.execute(RAW).fetchall()]
        return {name: connection.execute(f"select * from vault.raw.{name} order by all").fetchall() for name in names}


@slow
@pytest.mark.parametrize(("page", "least"), [(9, 0), (60, 1)], ids=["before the first rows are written", "after some"])
def test_a_night_killed_between_two_pages_loses_nothing_and_reads_nothing_twice(
    story: Story, tmp_path: Path, identifiers: list[str], page: int, least: int
):
    """A fresh vault with the same key: in the end it holds what the first night's holds, row by row."""
    home = new_home(tmp_path / "home", story.middle.port)
    home.quorum.mkdir(mode=0o700)
    shutil.copy2(story.first.quorum / "key", home.quorum / "key")
    reached, answers = threading.Event(), itertools.count(1)

    def spoil(reply: fault.Reply) -> fault.Reply:
        if reply.path.startswith("/github/graphql") and next(answers) >= page:
            reached.set()
            time.sleep(2)
        return reply

    with company(story.middle, until=FIRST):
        story.middle.spoil = spoil
        with home.start(FIRST) as night:
            assert reached.wait(120)
            kill(night)
        story.middle.spoil = lambda reply: reply
        silent(home, None, identifiers)
        some = sum(map(len, raw(home).values()))
        home.materialised(FIRST, "raw")
    whole = raw(story.first)
    assert least <= some < sum(map(len, whole.values()))
    assert raw(home) == whole
