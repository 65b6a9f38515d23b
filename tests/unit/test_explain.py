"""Why a row is there, merged or withheld is what the gate's own rules say; what became of it later is told first."""

from datetime import date
from functools import cache

import pytest
from click.testing import CliRunner

from expectations.explain import NoSuchRow, explain
from expectations.policy import Policy
from orchestration.chain import PUBLISH, RESTATE, RETRACT, Entry
from orchestration.cli import quorum
from orchestration.config import load
from orchestration.register import RELEASES, write
from orchestration.vault import opened
from tests.unit.gate_vault import home
from tests.unit.gate_world import JUDGED, World

LAST = JUDGED[-1]
TABLE = "team_delivery"


@cache
def base():
    return World().connect(TABLE)


def explained(unit, policy=None):
    return explain(base(), TABLE, LAST, unit, policy or Policy())


def candidate(found, name):
    (one,) = (one for one in found.tried if one.name == name)
    return one


def failed(one):
    return {test.rule for test in one.tests if not test.passed}


def test_a_row_of_its_own_is_safe_alone():
    found = explained("aa")
    assert (found.level, found.status, found.atoms) == ("team", "published", ("aa",))
    assert candidate(found, "alone:aa").safe


def test_a_merged_team_is_unsafe_alone_and_safe_in_its_rest():
    rest = next(
        (unit, teams)
        for unit, teams in World().atoms(TABLE, LAST).items()
        if unit.startswith("rest:")
        and len(teams) > 1
        and any(failed(candidate(explained(t), f"alone:{t}")) for t in teams)
    )
    team = next(team for team in rest[1] if failed(candidate(explained(team), f"alone:{team}")))
    found = explained(team)
    assert (found.status, found.atoms) == ("withheld", ())
    assert not candidate(found, f"alone:{team}").safe
    assert candidate(found, rest[0]).safe
    assert set(candidate(found, rest[0]).teams) == set(rest[1])
    assert explained(rest[0]).status == "published"


def test_a_row_is_withheld_by_the_rule_that_fails():
    found = candidate(explained("aa", Policy(k=50, roster_margin=10)), "alone:aa")
    assert failed(found) >= {"roster", "threshold"}
    told = {test.rule: (test.found, test.needed) for test in found.tests}
    assert told["roster"][1] == "at least 60"
    assert told["threshold"][1] == "at least 50"
    assert failed(candidate(explained("aa", Policy(dominance=0.01)), "alone:aa")) == {"dominance"}
    assert failed(candidate(explained("aa", Policy(p_percent=100.0)), "alone:aa")) == {"p_percent"}
    assert failed(candidate(explained("aa", Policy(age_blocks=100)), "alone:aa")) == {"age"}


def test_a_unit_that_is_not_there_is_told_with_those_that_are():
    with pytest.raises(NoSuchRow, match="there are aa, acme, bb"):
        explained("nowhere")


@pytest.fixture
def call(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("QUORUM_CONFIG", raising=False)
    monkeypatch.setenv("QUORUM_HOME", str(tmp_path / "home"))
    home(tmp_path, base())

    def invoke(*words):
        return CliRunner().invoke(quorum, ["explain", TABLE, LAST.isoformat(), *words])

    return invoke


def released(action, number):
    with opened(load()) as vault:
        day = date(2026, 3, 10)
        contents = {TABLE: {LAST.isoformat(): "digest"}}
        entry = Entry(f"2026-03-10-{number}", day, action, None, "policy", contents, {}, {}, None)
        write(vault.connection, RELEASES, [entry.closed()])


def test_the_command_tells_the_figures(call):
    ended = call("aa")
    assert ended.exit_code == 0
    assert "aa (team): published" in ended.output
    assert "aa alone: safe" in ended.output
    assert "release" not in ended.output
    ended = call("nowhere")
    assert ended.exit_code == 2
    assert "no unit of that name" in ended.output


@pytest.mark.parametrize(("action", "said"), [(RETRACT, "withdrawn"), (RESTATE, "restated")])
def test_the_command_tells_what_became_of_the_row_after_it_was_released(call, action, said):
    released(PUBLISH, 1)
    assert "by release" not in call("aa").output
    released(action, 2)
    assert f"{TABLE} of {LAST} was {said} by release 2026-03-10-2" in call("aa").output.replace("\n", " ")
