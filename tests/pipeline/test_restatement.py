"""A released period restated and taken back by the command line, on a home that has lived: dbt, gate and publisher."""

import subprocess
import sys

import pytest

from tests.pipeline.built import Home, Night, company
from tests.pipeline.story import FIRST, Story

NEWEST = "(select max(period_start) from vault.ops.sealed where table_name = 'team_tasks')"
LONGER = f"""
update vault.raw.jira_issues set created_at = created_at - interval 90 day
where assignee_key in (
    select account_key
    from vault.intermediate.int_accounts
    join vault.intermediate.int_members using (period_start, person_key)
    join vault.protected.cells using (period_start, team_id)
    where table_name = 'team_tasks' and period_start = {NEWEST} and {{atom}}
) and resolved_at >= {NEWEST} and resolved_at < {NEWEST} + 28
"""
LARGEST = f"""unit_id = (
    select unit_id from vault.protected.cells where table_name = 'team_tasks' and period_start = {NEWEST}
    group by unit_id order by count(*) desc, 1 limit 1
)"""
FEW = f"""{LARGEST} and person_key in (
    select person_key from vault.intermediate.int_ledger
    join vault.protected.cells using (table_name, period_start, team_id)
    where table_name = 'team_tasks' and period_start = {NEWEST} and quantity = 'tasks_completed' and {LARGEST}
    order by value desc, person_key limit 4
)"""


def quorum(home: Home, *words: str) -> Night:
    """A command of the command line, in the home."""
    command = [sys.executable, "-m", "orchestration", *words]
    ended = subprocess.run(
        command, cwd=home.folder, env=home.environment(), capture_output=True, text=True, check=False
    )
    return Night(ended.returncode, ended.stdout, ended.stderr)


def spoilt(home: Home, atom: str) -> str:
    """The tasks of these people took ninety days longer than was known; the period that they are in."""
    with home.vault() as connection:
        connection.execute(LONGER.format(atom=atom))
        return str(connection.execute(f"select {NEWEST}").fetchone()[0])


@pytest.mark.slow
def test_what_was_wrong_for_a_whole_row_of_teams_is_restated_and_then_taken_back(story: Story, copied: Home):
    start = spoilt(copied, LARGEST)
    assert quorum(copied, "verify").status == 0
    before = (
        copied.rows("select * from team_tasks order by all"),
        copied.rows("select * from team_delivery order by all"),
    )
    with company(story.middle, until=FIRST):
        ended = quorum(copied, "restate", "team_tasks", start, "--reason", "wrong-source")
        assert ended.status == 0, ended.said
        after = copied.rows("select * from team_tasks order by all")
        assert {str(row[0]) for row in set(after) ^ set(before[0])} == {start}
        assert copied.rows("select * from team_delivery order by all") == before[1]
        assert quorum(copied, "verify").status == 0
        again = quorum(copied, "restate", "team_tasks", start, "--reason", "wrong-source")
        assert again.status == 1
        assert "as it is" in again.stderr
    assert quorum(copied, "retract", "team_tasks", start, "--reason", "wrong-source").status == 0
    told = f"select distinct status, tasks_completed from team_tasks where period_start = '{start}'"
    assert copied.rows(told) == [("withheld", None)]
    actions = copied.rows("select action, reason from releases order by release_id")
    assert actions == [("publish", None), ("restate", "wrong-source"), ("retract", "wrong-source")]
    assert quorum(copied, "verify").status == 0
    assert not (copied.quorum / "work" / "restatement").exists()


@pytest.mark.slow
def test_what_was_wrong_for_a_few_is_not_restated(story: Story, copied: Home):
    start = spoilt(copied, FEW)
    before = copied.files()
    with company(story.middle, until=FIRST):
        ended = quorum(copied, "restate", "team_tasks", start, "--reason", "wrong-source")
    assert ended.status == 1
    assert "the work of too few" in ended.stderr
    assert copied.files() == before
