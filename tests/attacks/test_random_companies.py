"""Random companies, hierarchies, movers, policies: gate and auditor find nothing, no difference is left.

Groups lie in groups, and some people on a group itself. Whoever's work is left out, nothing changes but the atoms that
they stand in.
"""

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
from tests.attacks.mounted.differences import ADDITIVE, left
from tests.attacks.mounted.signals import beyond, less

COUNTED = {
    "team_delivery": "changes_merged",
    "team_code_volume": "lines_added",
    "team_tasks": "tasks_completed",
    "team_review": "reviews_given",
}
SIZES = st.lists(st.integers(2, 11), min_size=1, max_size=4)
STRICT = Policy(k=6, roster_margin=2, dominance=0.4, p_percent=0.3, age_blocks=4, history_blocks=3, rate_side=5)
LAXEST = Policy(k=3, dominance=0.6, p_percent=0.1, age_blocks=2, history_blocks=13)
SHAPES = ((Policy(), 1), (Policy(), 2), (STRICT, 3), (LAXEST, 1))  # each is compiled once


@st.composite
def companies(draw):
    """Two to four groups of one to four teams, in a chain as deep as told; people differ in how much they do."""
    policy, depth = draw(st.sampled_from(SHAPES))
    groups = draw(st.lists(SIZES, min_size=max(2, depth), max_size=4))
    rng = random.Random(draw(st.integers(0, 10**6)))
    tree = {
        f"g{g}": {f"t{g}{t}": [f"t{g}{t}-{n}" for n in range(size)] for t, size in enumerate(sizes)}
        for g, sizes in enumerate(groups)
    }
    for group in rng.sample(sorted(tree), k=rng.randint(0, len(tree))):
        tree[group][f"{group}:direct"] = [f"{group}-{n}" for n in range(rng.randint(1, 7))]
    company = Company(tree, above={f"g{n}": f"g{n - 1}" for n in range(1, depth)}, later=2, seed=rng.randrange(10**6))
    assert company.depth == depth
    names = list(company.people)
    pace = {name: rng.choice([0, 1, 2, 3, 3, 4, 4, 5, 9]) for name in names}
    company.work(lambda at, who, block: max(0, pace[who] + at.randint(-1, 1)))
    teams = sorted(set(company.people.values()))
    for name in rng.sample(names, k=len(names) // 8):
        day = company.judged[0].period_start + dt.timedelta(days=rng.randrange(-90, 40))
        company.moves.append((name, rng.choice([*teams, None]), day))
    return company, policy, rng.choice(names)


@pytest.mark.slow
@pytest.mark.attack(15, 18, 19, 24, 33)
@settings(max_examples=12, deadline=None, suppress_health_check=list(HealthCheck))
@given(companies())
def test_no_attack_succeeds_on_a_random_company(made):
    company, policy, gone = made
    release = publish(company, policy)
    periods = [block.period_start for block in company.judged]
    for table, counted in COUNTED.items():
        findings = examine(release.connection, table, policy, ["nobody at all"], periods)
        assert [finding for finding in findings if finding.count] == []
        for (_, unit), people in behind(release, table, counted).items():
            assert len(people) >= policy.k, unit
    assert [finding for finding in audit(release.connection, policy) if finding.count] == []
    for period in periods:
        for table, column in ADDITIVE:
            assert not any(rest for _, rest in left(release, company, period, table, column))
    block = company.blocks[-1]
    without = publish(less(company, gone, block), policy)
    for table in ("team_delivery", "team_code_volume", "team_tasks"):
        assert list(beyond(gone, table, block.period_start, release, without)) == []
