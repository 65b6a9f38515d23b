"""A verdict names exactly what it was given for, stands for nothing else, and can hold no value."""

import datetime as dt
import json
from dataclasses import fields, replace

import pytest

from expectations import suites
from expectations.gate import checks_of, examine, judge
from expectations.policy import Policy
from expectations.verdict import Finding, Verdict, findings_from_json
from tests.unit.gate_world import JUDGED, World

TEAM = "vault.protected.team_delivery"


@pytest.fixture(scope="module")
def fresh():
    return World()


@pytest.fixture
def db(fresh):
    return fresh.connect("team_delivery")


def test_the_whole_gate_passes_what_is_right(db):
    judgement = judge(db, "team_delivery", Policy(), ["ada"])
    assert judgement.passed
    assert [verdict.period_start for verdict in judgement.verdicts] == JUDGED
    assert all(verdict.passed and not verdict.findings for verdict in judgement.verdicts)
    assert [check.rule for check in judgement.checks] == list(checks_of("team_delivery"))


def test_one_period_spoilt_blocks_the_whole_table(db):
    db.execute(f"update {TEAM} set changes_merged = 7 where unit_id = 'aa' and period_start = '{JUDGED[0]}'")
    judgement = judge(db, "team_delivery", Policy(), [])
    assert not judgement.passed
    assert not any(verdict.passed for verdict in judgement.verdicts)
    assert {check.rule: check.count for check in judgement.checks if not check.passed} == {"recomputation": 1}
    assert judgement.verdicts[0].findings == (Finding("recomputation", "team_delivery", "changes_merged", 1),)


def test_a_table_that_is_not_there_does_not_pass(db):
    db.execute(f"drop table {TEAM}")
    judgement = judge(db, "team_delivery", Policy(), [])
    assert not judgement.passed
    assert judgement.verdicts == ()


def test_a_night_without_new_periods_passes_with_nothing_to_publish(db):
    for start in JUDGED:
        db.execute("insert into vault.ops.sealed values ('team_delivery', ?, 'd', 'r')", [start])
    judgement = judge(db, "team_delivery", Policy(), [])
    assert (judgement.passed, judgement.verdicts) == (True, ())


def test_an_unheard_rule_has_not_passed():
    answers = suites.assess(
        [Finding("roster", "t", "", 0), Finding("shape", "t", "", 2)], ["roster", "shape", "floors"]
    )
    assert answers == {"roster": True, "shape": False, "floors": False}


def passing(db, **changes):
    """Verdicts of the case as if Great Expectations had been asked and had passed them."""
    judgement = judge(db, "team_delivery", changes.get("policy", Policy()), changes.get("people", []))
    return judgement.verdicts


@pytest.fixture
def unasked(monkeypatch):
    """The gate with Great Expectations replaced by a refusal: only verdicts that stand can pass."""
    asked = []
    monkeypatch.setattr(suites, "assess", lambda findings, rules: asked.append(1) or dict.fromkeys(rules, False))
    return asked


def test_a_verdict_stands_for_the_same_case_and_nothing_is_judged_anew(db, monkeypatch):
    known = passing(db)
    monkeypatch.setattr(suites, "assess", lambda *_: pytest.fail("judged anew"))
    judgement = judge(db, "team_delivery", Policy(), [], known=known)
    assert judgement.verdicts == known
    assert judgement.passed


@pytest.mark.parametrize(
    "change",
    [
        f"update {TEAM} set size_band = '50+' where unit_id = 'xx'",
        "update vault.protected.cells set unit_id = 'rest:g2' where unit_id = 'dd'",
        "update vault.intermediate.int_ledger set value = value + 1 where person_key = 'aa-p0'",
        "update vault.marts.mart_delivery set cycle_seconds = 5 where author_key = 'aa-p0'",
        "delete from vault.intermediate.int_members where person_key = 'aa-p0'",
        "update vault.intermediate.int_units set unit_name = 'new' where unit_id = 'aa'",
        "insert into vault.intermediate.int_constants values "
        "('team_delivery', 'changes_merged', 'author', 2026, 5, 10)",
    ],
)
def test_a_verdict_does_not_stand_for_other_content_or_evidence(db, unasked, change):
    known = passing(db)
    unasked.clear()
    known = tuple(replace(verdict, passed=True) for verdict in known)
    db.execute(change)
    assert not judge(db, "team_delivery", Policy(), [], known=known).passed
    assert unasked


def test_a_verdict_does_not_stand_for_another_policy_people_or_a_sealed_period(db, unasked):
    known = tuple(replace(verdict, passed=True) for verdict in passing(db))
    assert judge(db, "team_delivery", Policy(), [], known=known).passed
    assert not judge(db, "team_delivery", Policy(k=6), [], known=known).passed
    assert not judge(db, "team_delivery", Policy(), ["ada"], known=known).passed
    db.execute("insert into vault.ops.sealed values ('team_delivery', ?, 'd', 'r')", [JUDGED[0]])
    assert not judge(db, "team_delivery", Policy(), [], periods=JUDGED, known=known).passed


def test_a_verdict_that_refused_never_stands(db, unasked):
    known = passing(db)
    assert not judge(db, "team_delivery", Policy(), [], known=known).passed


def test_a_finding_has_no_field_for_a_value():
    assert [field.name for field in fields(Finding)] == ["rule", "table", "column", "count"]


def test_every_finding_names_a_registered_column_or_none(db):
    db.execute(f'alter table {TEAM} add column "canary@example.org" varchar')
    db.execute(f"""update {TEAM} set "canary@example.org" = 'canary@example.org', unit_id = 'canary@example.org'""")
    assert "canary" not in str(examine(db, "team_delivery", Policy(), []))


def test_findings_survive_the_vault():
    found = (Finding("shape", "t", "n", 2),)
    verdict = Verdict("t", dt.date(2026, 1, 26), "c", "e", "p", "r", passed=False, findings=found)
    assert findings_from_json(verdict.findings_json) == found
    assert json.loads(verdict.findings_json)[0]["count"] == 2
