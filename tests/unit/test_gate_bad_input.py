"""Whatever is wrong with tables, evidence, tree or policy: blocked, by the rule that says so; no crash, no value."""

from functools import cache

import pytest

from expectations.detectors import Identifiers
from expectations.fingerprints import fingerprints
from expectations.gate import checks_of, examine, judge, proofs
from expectations.measures import table_named
from expectations.policy import FLOORS, Policy
from expectations.scope import Case
from expectations.verdict import Judgement
from orchestration.audit import auditor, with_audit
from tests.unit.gate_world import JUDGED, World

LAST = JUDGED[-1]
CELLS = "vault.protected.cells"
TEAM = "vault.protected.team_delivery"
LEDGER = "vault.intermediate.int_ledger"
MEMBERS = "vault.intermediate.int_members"
UNITS = "vault.intermediate.int_units"
MART = "vault.marts.mart_delivery"


@cache
def world():
    return World()


def violated(db, table="team_delivery", policy=None, periods=None):
    findings = examine(db, table, policy or Policy(), ["Ada Lowe"], periods)
    assert {finding.rule.partition(".")[0] for finding in findings} == set(checks_of(table))
    assert all(finding.count >= 0 and finding.table == table for finding in findings)
    return {(finding.rule, finding.column) for finding in findings if finding.count}


SPOILT = {
    "a table with no rows": (f"delete from {TEAM}", ("full_grid", "unit_id")),
    "cells with no rows": (f"delete from {CELLS}", ("union_of_atoms", "unit_id")),
    "a ledger with no rows": (f"delete from {LEDGER}", ("threshold", "changes_merged")),
    "a mart with no rows": (f"delete from {MART}", ("recomputation", "cycle_time_hours_p50")),
    "a roster with no rows": (f"delete from {MEMBERS}", ("roster", "changes_merged")),
    "a tree with no rows": (f"delete from {UNITS}", ("full_grid", "period_start")),
    "a calendar with no rows": ("delete from vault.ops.calendar", ("sealed_periods", "period_start")),
    "a row without a unit": (f"update {TEAM} set unit_id = null where unit_id = 'aa'", ("shape", "unit_id")),
    "an atom without a unit": (
        f"update {CELLS} set unit_id = null where unit_id = 'aa'",
        ("union_of_atoms", "team_id"),
    ),
    "a leaf without a unit": (f"update {CELLS} set team_id = null where team_id = 'aa'", ("union_of_atoms", "team_id")),
    "a unit of the tree without a name": (
        f"update {UNITS} set unit_id = null where unit_id = 'aa'",
        ("hierarchy", "unit_id"),
    ),
    "not a number": (
        f"update {TEAM} set cycle_time_hours_p75 = 'nan' where unit_id = 'aa'",
        ("shape", "cycle_time_hours_p75"),
    ),
    "infinity": (
        f"update {TEAM} set cycle_time_hours_p50 = 'inf' where unit_id = 'aa'",
        ("shape", "cycle_time_hours_p50"),
    ),
    "minus infinity": (
        f"update {TEAM} set cycle_time_hours_p50 = '-inf' where unit_id = 'aa'",
        ("shape", "cycle_time_hours_p50"),
    ),
    "a negative count": (
        f"update {TEAM} set changes_merged = -10 where unit_id = 'aa'",
        ("recomputation", "changes_merged"),
    ),
    "a negative quantity": (
        f"update {LEDGER} set value = -3 where person_key = 'aa-p0' and period_start = '{LAST}' "
        "and quantity = 'changes_merged'",
        ("ledger", "changes_merged"),
    ),
    "a negative quantity of last year": (
        f"update {LEDGER} set value = -3 where person_key = 'aa-p0' and quantity = 'changes_merged'",
        ("ledger", "changes_merged"),
    ),
    "a quantity that is not there": (
        f"update {LEDGER} set value = null where person_key = 'aa-p0' and quantity = 'changes_merged'",
        ("ledger", "changes_merged"),
    ),
    "the largest number there is": (
        f"update {LEDGER} set value = 9223372036854775807 where person_key = 'aa-p0' and quantity = 'changes_merged'",
        ("recomputation", ""),
    ),
    "work of nobody": (f"update {LEDGER} set person_key = null where person_key = 'aa-p0'", ("ledger", "person_key")),
    "work twice in the ledger": (f"insert into {LEDGER} select * from {LEDGER}", ("ledger", "person_key")),
    "work counted away from home": (
        f"update {LEDGER} set team_id = 'dd' where person_key = 'aa-p0' and period_start = '{LAST}'",
        ("ledger", "team_id"),
    ),
    "an event twice": (
        f"insert into {MART} select * from {MART} where team_id = 'aa'",
        ("ledger", "period_start"),
    ),
    "an event that takes less than no time": (
        f"update {MART} set cycle_seconds = -cycle_seconds where team_id = 'aa'",
        ("ledger", "cycle_time_hours_p50"),
    ),
    "a row twice": (f"insert into {TEAM} select * from {TEAM} where unit_id = 'aa'", ("shape", "unit_id")),
    "a cell twice": (f"insert into {CELLS} select * from {CELLS} where unit_id = 'aa'", ("union_of_atoms", "team_id")),
    "a unit in two atoms": (
        f"insert into {CELLS} select table_name, period_start, 'rest:org', team_id from {CELLS} where team_id = 'aa'",
        ("union_of_atoms", "team_id"),
    ),
    "a cycle": (f"update {UNITS} set parent_id = 'aa' where unit_id = 'g1'", ("hierarchy", "parent_id")),
    "a cycle of the whole tree": (
        f"update {UNITS} set parent_id = 'g1' where unit_id = 'acme'",
        ("hierarchy", "parent_id"),
    ),
    "its own parent": (f"update {UNITS} set parent_id = 'g1' where unit_id = 'g1'", ("hierarchy", "parent_id")),
    "an orphan": (f"update {UNITS} set parent_id = 'gone' where unit_id = 'g2'", ("hierarchy", "parent_id")),
    "a team without a parent": (
        f"update {UNITS} set parent_id = null where unit_id = 'cc'",
        ("hierarchy", "unit_level"),
    ),
    "two organisations": (
        f"insert into {UNITS} select period_start, 'acme2', null, 'org', 'Acme' from {UNITS} where unit_id = 'acme'",
        ("hierarchy", "unit_level"),
    ),
    "a team twice in the tree": (
        f"insert into {UNITS} select period_start, unit_id, 'g2', unit_level, unit_name from {UNITS} "
        "where unit_id = 'aa'",
        ("hierarchy", "unit_id"),
    ),
    "a team named as a rest": (
        f"update {UNITS} set unit_id = 'rest:g2' where unit_id = 'cc'",
        ("hierarchy", "unit_id"),
    ),
    "a person in two teams on a day": (
        f"insert into {MEMBERS} select period_start, 'bb', person_key from {MEMBERS} where person_key = 'aa-p0'",
        ("hierarchy", "team_id"),
    ),
    "a person in a team that is not": (
        f"update {MEMBERS} set team_id = 'zz' where person_key = 'aa-p0'",
        ("hierarchy", "team_id"),
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_it_is_blocked(name):
    spoil, found = SPOILT[name]
    db = world().connect("team_delivery")
    db.execute(spoil)
    assert found in violated(db, periods=JUDGED)


UNREADABLE = {
    **{name: spoil for name, (spoil, _) in SPOILT.items()},
    "a count that is no number": f"alter table {TEAM} alter changes_merged type double; "
    f"update {TEAM} set changes_merged = 'nan' where unit_id = 'aa'",
    "a count without end": f"alter table {TEAM} alter changes_merged type double; "
    f"update {TEAM} set changes_merged = 'inf' where unit_id = 'aa'",
    "a count of words": f"alter table {TEAM} alter changes_merged type varchar; "
    f"update {TEAM} set changes_merged = 'zquorvath' where unit_id = 'aa'",
    "cells of no period": f"alter table {CELLS} drop period_start",
    "no cells": f"drop table {CELLS}",
    "no ledger": f"drop table {LEDGER}",
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_the_auditor_answers_whatever_it_is_given(name):
    db = world().connect("team_delivery")
    db.execute(UNREADABLE[name])
    verdicts = fingerprints(Case(db, table_named("team_delivery"), Policy(), JUDGED), Identifiers([]))
    after = with_audit(Judgement("team_delivery", verdicts, ()), auditor(db, Policy()))
    assert [check.rule for check in after.checks] == ["linear_programs"]
    assert "zquorvath" not in str(after)
    if name.startswith(("a count", "cells of", "no ")):
        assert not verdicts or not after.passed


def test_a_million_rows_are_blocked():
    db = world().connect("team_delivery")
    columns = {name: name for name, *_ in db.execute(f"describe {TEAM}").fetchall()} | {"unit_id": "'u' || i"}
    picked = ", ".join(f"{value} as {name}" for name, value in columns.items())
    db.execute(
        f"insert into {TEAM} by name select {picked} from {TEAM}, range(1000000) as r(i) "
        f"where unit_id = 'xx' and period_start = '{LAST}'"
    )
    found = proofs(Case(db, table_named("team_delivery"), Policy()))
    counts = {(one.rule, one.column): one.count for one in found}
    assert counts["shape", "unit_id"] == counts["full_grid", "unit_id"] == 1_000_000


def test_five_thousand_columns_are_blocked_and_not_named():
    db = world().connect("team_delivery")
    extra = ", ".join(f"{n} as grace_{n}" for n in range(5000))
    db.execute(f"create or replace table {TEAM} as select *, {extra} from {TEAM}")
    findings = proofs(Case(db, table_named("team_delivery"), Policy()))
    assert [one.count for one in findings if (one.rule, one.column) == ("shape", "(unregistered)")] == [5000]
    assert "grace" not in str(findings)


@pytest.mark.parametrize("key", [key for key in FLOORS if key != "period"])
def test_a_threshold_that_is_no_sound_number_is_below_its_floor(key):
    for value in (None, "5", float("nan"), float("inf"), -1, 10**30, True, FLOORS[key].least / 2):
        assert key in Policy(**{key: value}).broken()


@pytest.mark.parametrize(
    ("key", "value"),
    [("k", 1), ("k", None), ("base", "5"), ("base", 0), ("dominance", float("nan")), ("clip_person_periods", None)]
    + [("p_percent", -1), ("history_blocks", 10**30), ("percentile_side", True), ("period", "month"), ("period", None)],
)
def test_a_policy_below_a_floor_is_blocked(key, value):
    assert ("floors", key) in violated(world().connect("team_tasks"), "team_tasks", Policy(**{key: value}))


def test_a_period_that_begins_on_a_wednesday_is_blocked():
    db = world().connect("team_delivery")
    db.execute(f"update {TEAM} set period_start = period_start + 2")
    assert ("sealed_periods", "period_start") in violated(db)


def test_the_whole_gate_answers_and_does_not_raise():
    db = world().connect("team_delivery")
    for spoil in ("drop schema vault.intermediate cascade", f"drop table {MART}", f"drop table {CELLS}"):
        db.execute(spoil)
    judgement = judge(db, "team_delivery", Policy(), [])
    assert not judgement.passed
    assert judgement.verdicts == ()
