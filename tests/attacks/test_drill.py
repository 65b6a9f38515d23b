"""The leak drill over real models: every plant is caught, the copy stays as it was, a rule that is off is missed."""

import hashlib

import pytest

from expectations import gate
from expectations.drill import Undrillable, drill
from expectations.policy import Policy
from tests.attacks.companies import Company, steady, teams
from tests.attacks.laboratory import publish


def _key(name):
    return hashlib.sha256(name.encode()).hexdigest()[:32]


@pytest.fixture(scope="module")
def release():
    """People are called as the vault calls them."""
    groups = {"g1": teams(aa=9, bb=8, cc=3), "g2": teams(dd=10, ee=9)}
    keyed = {g: {team: [_key(name) for name in names] for team, names in found.items()} for g, found in groups.items()}
    company = Company(keyed, later=1)
    company.work(steady())
    return publish(company)


def test_every_leak_is_caught_and_nothing_stays_planted(release):
    before = release.table("team_tasks"), release.table("cells")
    outcomes = list(drill(release.connection, "team_tasks", lambda _: Policy()))
    assert [outcome.plant for outcome in outcomes if not outcome.caught] == []
    assert len(outcomes) >= 25
    assert (release.table("team_tasks"), release.table("cells")) == before


@pytest.mark.slow
def test_a_rule_that_is_off_is_missed_by_name(release, monkeypatch):
    monkeypatch.setattr(gate, "RULES", tuple(rule for rule in gate.RULES if rule.name != "dominance"))
    missed = {
        outcome.plant for outcome in drill(release.connection, "team_tasks", lambda _: Policy()) if not outcome.caught
    }
    assert missed == {"one who has nearly all"}


def test_a_copy_that_is_blocked_already_proves_nothing(release):
    change = "update vault.protected.team_tasks set tasks_completed = tasks_completed"
    release.connection.execute(f"{change} + 1")
    with pytest.raises(Undrillable, match="blocked before anything is planted"):
        list(drill(release.connection, "team_tasks", lambda _: Policy()))
    release.connection.execute(f"{change} - 1")
