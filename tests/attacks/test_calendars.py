"""Attacks 22 and 23: windows that overlap, and a second length of periods."""

import pytest

from expectations.gate import examine
from expectations.policy import Policy, PolicyError
from tests.attacks.companies import Company, steady, teams
from tests.attacks.laboratory import publish

ROLLING = """
create or replace table vault.protected.team_tasks as
select *, cast(sum(tasks_completed) over (
    partition by unit_id order by period_start rows 2 preceding) as bigint) as tasks_completed_12_weeks
from vault.protected.team_tasks
"""


@pytest.mark.attack(22)
def test_a_rolling_column_is_not_registered_and_blocks_its_table():
    company = Company({"g1": teams(aa=12, bb=9), "g2": teams(yy=12, zz=12)})
    company.work(steady())
    release = publish(company)
    release.connection.execute(ROLLING)
    period = company.judged[0].period_start
    rules = {f.rule for f in examine(release.connection, "team_tasks", Policy(), ["nobody"], [period]) if f.count}
    assert rules == {"shape"}


@pytest.mark.slow
@pytest.mark.attack(23)
def test_weeks_among_blocks_are_blocked():
    company = Company({"g1": teams(aa=12, bb=9), "g2": teams(yy=12, zz=12)})
    company.work(steady())
    release = publish(company)
    release.connection.execute("update vault.protected.team_tasks set period_start = period_start + 7")
    periods = [row["p"] for row in release.rows("select distinct period_start as p from vault.protected.team_tasks")]
    findings = examine(release.connection, "team_tasks", Policy(), ["nobody"], periods)
    assert any(finding.count for finding in findings if finding.rule == "sealed_periods")


@pytest.mark.attack(23)
@pytest.mark.parametrize("both", ["day", "four_weeks,week"])
def test_a_deployment_has_one_length(both):
    with pytest.raises(PolicyError, match="must be one of"):
        Policy.from_mapping({}, period=both)
