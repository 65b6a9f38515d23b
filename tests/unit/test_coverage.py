"""Coverage tells shares of the organisation in steps, from 20 teams on, and after a release what the nights made."""

from datetime import date, timedelta

import duckdb
import pytest
from click.testing import CliRunner

from expectations.coverage import coverage
from orchestration.chain import PUBLISH, Entry
from orchestration.cli import quorum
from orchestration.config import load
from orchestration.register import RELEASES, write
from orchestration.vault import opened

P1 = date(2026, 8, 10)
CONFIG = "roster: r.yaml\nsystems: {git: {repositories: [/nowhere]}}\n"
MADE = """
create schema if not exists vault.protected; create schema if not exists vault.intermediate;
create table vault.protected.team_tasks (period_start date);
create table vault.protected.cells (table_name varchar, period_start date, unit_id varchar, team_id varchar);
create table vault.intermediate.int_units (period_start date, unit_id varchar, unit_level varchar);
create table vault.intermediate.int_ledger
    (table_name varchar, quantity varchar, period_start date, team_id varchar, value bigint);
"""


def fill(connection, teams, periods=1):
    """Of ten teams one is withheld, four are merged, five have rows of their own and do twice as much."""
    connection.execute(MADE)
    for start in (P1 + timedelta(weeks=4 * number) for number in range(periods)):
        connection.execute("insert into vault.protected.team_tasks values (?), (?)", [start, start])
        for number in range(teams):
            team, place = f"t{number}", number % 10
            connection.execute("insert into vault.intermediate.int_units values (?, ?, 'team')", [start, team])
            work = ["team_tasks", "tasks_completed", start, team, 10 if place < 5 else 5]
            connection.execute("insert into vault.intermediate.int_ledger values (?, ?, ?, ?, ?)", work)
            if place != 9:
                cell = ["team_tasks", start, team if place < 5 else "rest:g", team]
                connection.execute("insert into vault.protected.cells values (?, ?, ?, ?)", cell)


def shares(teams, periods=1):
    with duckdb.connect() as connection:
        connection.execute("attach ':memory:' as vault")
        fill(connection, teams, periods)
        one = coverage(connection, "team_tasks")
        return one.own, one.merged, one.withheld, one.work_own, one.work_shown


@pytest.mark.attack(51)
def test_shares_are_of_all_teams_and_their_work_in_steps():
    assert shares(20) == (50, 40, 10, 65, 95)


@pytest.mark.attack(51)
@pytest.mark.parametrize(("teams", "periods"), [(19, 1), (19, 13), (2, 10)])
def test_few_teams_are_not_told_over_however_many_periods(teams, periods):
    assert set(shares(teams, periods)) == {None}


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUORUM_CONFIG", raising=False)
    monkeypatch.setenv("QUORUM_HOME", str(tmp_path / "home"))
    (tmp_path / "quorum.yaml").write_text(CONFIG)
    with opened(load()) as vault:
        fill(vault.connection, 20)

    def invoke(*words):
        return CliRunner().invoke(quorum, ["coverage", *words])

    return invoke


def released():
    with opened(load()) as vault:
        entry = Entry("2026-11-23-1", date(2026, 11, 23), PUBLISH, None, "policy", {}, {}, {}, None)
        write(vault.connection, RELEASES, [entry.closed()])


@pytest.mark.attack(51)
def test_another_policy_is_refused_once_the_vault_has_released_wherever_the_release_is(call):
    released()
    ended = call("--try", "k=7")
    assert ended.exit_code == 2
    assert "before the first release only" in ended.output


def test_another_policy_in_the_configuration_shows_nothing_else_after_a_release(call, tmp_path):
    released()
    before = call()
    assert before.exit_code == 0
    assert "team_tasks" in before.output
    assert "65 %" in before.output
    (tmp_path / "quorum.yaml").write_text(CONFIG + "policy: {k: 12}\n")
    assert call().output == before.output


def test_a_policy_below_a_floor_is_not_tried(call):
    ended = call("--try", "k=1")
    assert ended.exit_code == 2
    assert "policy.k: must lie between" in ended.output
