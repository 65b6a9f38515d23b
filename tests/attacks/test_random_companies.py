"""Random companies, hierarchies, movers: gate and auditor find nothing, no difference is left."""

import datetime as dt
import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from expectations.attacker.audit import audit
from expectations.gate import examine
from expectations.policy import Policy
from tests.attacks.companies import Company
from tests.attacks.knowledge import behind
from tests.attacks.laboratory import publish
from tests.attacks.mounted.differences import left

TABLES = ("team_delivery", "team_code_volume", "team_tasks", "team_review")
SIZES = st.lists(st.integers(2, 11), min_size=1, max_size=4)


@st.composite
def companies(draw):
    """Two to four groups of one to four teams; people differ in how much they do, some move, some are idle."""
    groups = draw(st.lists(SIZES, min_size=2, max_size=4))
    rng = random.Random(draw(st.integers(0, 10**6)))
    tree = {
        f"g{g}": {f"t{g}{t}": [f"t{g}{t}-{n}" for n in range(size)] for t, size in enumerate(sizes)}
        for g, sizes in enumerate(groups)
    }
    company = Company(tree, later=2, seed=rng.randrange(10**6))
    names = list(company.people)
    pace = {name: rng.choice([0, 1, 2, 3, 3, 4, 4, 5, 9]) for name in names}
    company.work(lambda at, who, block: max(0, pace[who] + at.randint(-1, 1)))
    teams = sorted(set(company.people.values()))
    for name in rng.sample(names, k=len(names) // 8):
        day = company.judged[0].period_start + dt.timedelta(days=rng.randrange(-90, 40))
        company.moves.append((name, rng.choice([*teams, None]), day))
    return company


@pytest.mark.slow
@pytest.mark.attack(18, 19, 24, 33)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(companies())
def test_no_attack_succeeds_on_a_random_company(company):
    release = publish(company)
    periods = [block.period_start for block in company.judged]
    for table in TABLES:
        findings = examine(release.connection, table, Policy(), ["nobody at all"], periods)
        assert [finding for finding in findings if finding.count] == []
        for (_, unit), people in behind(release, table, _counted(table)).items():
            assert len(people) >= 5, unit
    assert [finding for finding in audit(release.connection, Policy()) if finding.count] == []
    for period in periods:
        assert not any(rest for _, rest in left(release, company, period))


def _counted(table):
    names = {"team_delivery": "changes_merged", "team_code_volume": "lines_added", "team_tasks": "tasks_completed"}
    return names.get(table, "reviews_given")
