"""The gate passes the right candidates of a small company, and refuses each way of spoiling them."""

import datetime as dt
from dataclasses import replace
from functools import cache

import pytest

from expectations.gate import checks_of, examine
from expectations.policy import Policy
from tests.unit.gate_world import JUDGED, TABLES, World

LAST = JUDGED[-1]
CELLS = "vault.protected.cells"
TEAM = "vault.protected.team_delivery"
LINES = "vault.protected.team_code_volume"
MEMBERS = "vault.intermediate.int_members"
UNITS = "vault.intermediate.int_units"
LEDGER = "vault.intermediate.int_ledger"


@cache
def world() -> World:
    return World()


def violated(db, table="team_delivery", policy=None, people=(), periods=None):
    """{(rule, column): count} of what is violated."""
    findings = examine(db, table, policy or Policy(), people, periods)
    assert {finding.rule.partition(".")[0] for finding in findings} == set(checks_of(table))
    return {(finding.rule, finding.column): finding.count for finding in findings if finding.count}


@pytest.mark.parametrize("table", TABLES)
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_the_right_candidates_pass(table, seed):
    assert violated(World(seed).connect(table), table) == {}


def test_the_company_has_rows_of_every_kind():
    """Own rows, rests on both levels, withheld units, published and missing medians and rates, or the test is idle."""
    atoms = world().atoms("team_delivery", LAST)
    assert {"aa", "rest:g1", "rest:org"} <= set(atoms)
    rows, _ = world().candidate("team_delivery", LAST)
    assert {row[4] for row in rows} == {"published", "withheld"}
    assert any(row[7] is None and row[6] is not None for row in rows)


SPOILT = {
    "a value off by one base": (
        f"update {TEAM} set changes_merged = changes_merged + 10 where unit_id = 'aa'",
        ("recomputation", "changes_merged"),
    ),
    "an exact sum": (
        f"update {TEAM} set changes_merged = changes_merged + 3 where unit_id = 'acme'",
        ("recomputation", "changes_merged"),
    ),
    "an unrounded percentile": (
        f"update {TEAM} set cycle_time_hours_p50 = 16.37 where unit_id = 'aa'",
        ("recomputation", "cycle_time_hours_p50"),
    ),
    "a percentile that should be withheld": (
        f"update {TEAM} set cycle_time_hours_p50 = 16 where unit_id = 'g2'",
        ("recomputation", "cycle_time_hours_p50"),
    ),
    "a rate of one hundred": (
        f"update {TEAM} set unreviewed_rate_pct = 100 where unit_id = 'aa'",
        ("recomputation", "unreviewed_rate_pct"),
    ),
    "a withheld row with a value": (
        f"update {TEAM} set changes_merged = 10 where status = 'withheld'",
        ("recomputation", "changes_merged"),
    ),
    "a withheld row that says published": (
        f"update {TEAM} set status = 'published' where unit_id = 'xx'",
        ("union_of_atoms", "unit_id"),
    ),
    "a published row that says withheld": (
        f"update {TEAM} set status = 'withheld' where unit_id = 'aa'",
        ("recomputation", "status"),
    ),
    "a size that tells": (f"update {TEAM} set size_band = '50+' where unit_id = 'xx'", ("recomputation", "size_band")),
    "a size outside the bands": (f"update {TEAM} set size_band = '2' where unit_id = 'xx'", ("shape", "size_band")),
    "an unknown status": (f"update {TEAM} set status = 'too few' where unit_id = 'xx'", ("shape", "status")),
    "an unknown level": (f"update {TEAM} set unit_level = 'person' where unit_id = 'xx'", ("shape", "unit_level")),
    "a wrong level": (f"update {TEAM} set unit_level = 'group' where unit_id = 'xx'", ("full_grid", "unit_level")),
    "an unknown unit": (f"update {TEAM} set unit_id = 'zz' where unit_id = 'xx'", ("shape", "unit_id")),
    "a unit without a name": (f"update {TEAM} set unit_id = null where unit_id = 'xx'", ("shape", "unit_id")),
    "a period without a date": (
        f"update {TEAM} set period_start = null where unit_id = 'xx'",
        ("shape", "period_start"),
    ),
    "a missing row": (f"delete from {TEAM} where unit_id = 'xx'", ("full_grid", "unit_id")),
    "a duplicate row": (f"insert into {TEAM} select * from {TEAM} where unit_id = 'aa'", ("shape", "unit_id")),
    "not a number": (
        f"update {TEAM} set cycle_time_hours_p50 = 'nan' where unit_id = 'aa'",
        ("shape", "cycle_time_hours_p50"),
    ),
    "a wrong end": (f"update {TEAM} set period_end = period_end - 1", ("sealed_periods", "period_end")),
    "an extra column": (f"alter table {TEAM} add column grace_hopper bigint", ("shape", "(unregistered)")),
    "an extra column in cells": (f"alter table {CELLS} add column people bigint", ("shape", "(unregistered)")),
    "a wrong type": (f"alter table {TEAM} alter changes_merged type double", ("shape", "changes_merged")),
    "a missing column": (f"alter table {TEAM} drop column unreviewed_rate_pct", ("shape", "unreviewed_rate_pct")),
    "cells forgotten": (f"delete from {CELLS}", ("union_of_atoms", "unit_id")),
    "overlapping atoms": (
        f"insert into {CELLS} select table_name, period_start, unit_id, 'aa' from {CELLS} where unit_id = 'rest:g1'",
        ("union_of_atoms", "team_id"),
    ),
    "an atom outside the tree": (
        f"update {CELLS} set team_id = 'zz' where team_id = 'cc'",
        ("union_of_atoms", "team_id"),
    ),
    "an atom of two groups": (
        f"update {CELLS} set unit_id = 'rest:g1' where unit_id = 'dd'",
        ("union_of_atoms", "unit_id"),
    ),
    "a group as an atom": (
        f"update {CELLS} set unit_id = 'g1' where unit_id in ('aa', 'rest:g1')",
        ("union_of_atoms", "unit_id"),
    ),
    "a team left out": (f"delete from {CELLS} where team_id = 'xx'", ("union_of_atoms", "team_id")),
    "a small team alone": (
        f"update {CELLS} set unit_id = team_id where unit_id = 'rest:g1'",
        ("roster", "changes_merged"),
    ),
    "few contributors": (
        f"delete from {LEDGER} where team_id = 'aa' and period_start = '{LAST}' and person_key > 'aa-p3'",
        ("threshold", "changes_merged"),
    ),
    "people who were not there of late": (
        f"update {LEDGER} set person_key = person_key || 'x' where team_id = 'aa' and period_start < '{JUDGED[0]}'",
        ("roster", "changes_merged"),
    ),
    "somebody who counts for two teams": (
        f"update {LEDGER} set team_id = 'dd' where team_id = 'aa' and period_start = '{LAST}'",
        ("recomputation", "changes_merged"),
    ),
    "a young team": (
        f"delete from vault.intermediate.int_units where unit_id = 'aa' and period_start < '{JUDGED[0]}'",
        ("union_of_atoms", "unit_id"),
    ),
    "no year before": (f"delete from {LEDGER} where period_start < '{JUDGED[0]}'", ("threshold", "changes_merged")),
    "a period that has not settled": (
        "update vault.ops.clock set as_of = '2026-03-01'",
        ("sealed_periods", "period_start"),
    ),
    "no clock": ("delete from vault.ops.clock", ("sealed_periods", "period_start")),
    "two clocks": (
        "insert into vault.ops.clock select * from vault.ops.clock",
        ("sealed_periods", "period_start"),
    ),
    "a period outside the calendar": (
        f"delete from vault.ops.calendar where period_start = '{LAST}'",
        ("sealed_periods", "period_start"),
    ),
    "somebody in another team than the roster's": (
        f"update {MEMBERS} set team_id = 'aa' where period_start = '{LAST}' and person_key = 'bb-p0'",
        ("placement", "team_id"),
    ),
    "somebody whom the roster does not place": (
        f"insert into {MEMBERS} values ('{LAST}', 'aa', 'nobody')",
        ("placement", "team_id"),
    ),
    "somebody of the roster left out": (
        f"delete from {MEMBERS} where period_start = '{LAST}' and person_key = 'aa-p0'",
        ("placement", "team_id"),
    ),
    "a unit that the roster does not have": (
        f"insert into {UNITS} values ('{LAST}', 'zz', 'g1', 'team', 'Z')",
        ("placement", "unit_id"),
    ),
    "a unit below another one than the roster's": (
        f"update {UNITS} set parent_id = 'g1' where period_start = '{LAST}' and unit_id = 'dd'",
        ("placement", "parent_id"),
    ),
    "a past that a team does not have": (
        "delete from vault.ops.roster_units where unit_id = 'aa' and block_start < '2025-12-01'",
        ("placement", "unit_id"),
    ),
    "no roster kept": ("delete from vault.ops.roster_members", ("placement", "team_id")),
    "no tree": (
        f"delete from vault.intermediate.int_units where period_start = '{LAST}'",
        ("full_grid", "period_start"),
    ),
}


@pytest.mark.parametrize("name", SPOILT)
def test_it_refuses(name):
    spoil, found = SPOILT[name]
    db = world().connect("team_delivery")
    db.execute(spoil)
    assert found in violated(db)


def lines_of(db, first, second):
    """Team aa's lines deleted in the last period: two people's as given, one line from every other."""
    db.execute(
        f"update {LEDGER} set value = case person_key when 'aa-p0' then {first} when 'aa-p1' then {second} else 1 end "
        f"where team_id = 'aa' and period_start = '{LAST}' and quantity = 'lines_deleted'"
    )


def test_one_dominant_person_is_refused_by_the_second_quantity_alone():
    db = world().connect("team_code_volume")
    lines_of(db, 900, 1)
    found = violated(db, "team_code_volume")
    assert ("dominance", "lines_deleted") in found
    assert ("dominance", "lines_added") not in found


def test_two_colluding_contributors_are_refused_by_the_p_percent_rule():
    db = world().connect("team_code_volume")
    lines_of(db, 500, 500)
    assert ("p_percent", "lines_deleted") in violated(db, "team_code_volume")


def test_a_table_that_was_never_protected_is_refused():
    db = world().connect("team_code_volume")
    db.execute(f"delete from {CELLS}")
    db.execute(f"update {LINES} set status = 'published', lines_added = 1234, lines_deleted = 567")
    found = violated(db, "team_code_volume")
    assert ("union_of_atoms", "unit_id") in found
    assert ("recomputation", "lines_added") in found


@pytest.mark.parametrize("missing", ["vault.protected.team_delivery", CELLS, LEDGER, "vault.marts.mart_delivery"])
def test_what_cannot_be_checked_has_not_passed(missing):
    db = world().connect("team_delivery")
    db.execute(f"drop table {missing}")
    assert ("recomputation", "") in violated(db)


def test_a_table_of_the_case_before_does_not_stand_in():
    db = world().connect("team_delivery")
    assert violated(db) == {}
    db.execute("create temp table gate_sizes as select 1 as x")
    db.execute("drop table vault.intermediate.int_members")
    assert ("recomputation", "") in violated(db)


def test_a_sealed_period_is_not_judged_and_refused_when_asked_for():
    db = world().connect("team_delivery")
    db.execute(f"insert into vault.ops.sealed values ('team_delivery', '{LAST}', 'd', 'r')")
    db.execute(f"update {TEAM} set changes_merged = 7 where period_start = '{LAST}'")
    assert violated(db) == {}
    assert ("sealed_periods", "period_start") in violated(db, periods=[LAST])


def test_a_period_without_rows_is_refused_when_asked_for():
    db = world().connect("team_delivery")
    assert ("full_grid", "unit_id") in violated(db, periods=[JUDGED[0] - dt.timedelta(weeks=4)])


def test_a_policy_below_its_floor_passes_nothing():
    assert ("floors", "k") in violated(world().connect("team_delivery"), policy=replace(Policy(), k=1))


def test_a_stricter_policy_refuses_what_a_laxer_one_chose():
    assert ("roster", "changes_merged") in violated(world().connect("team_delivery"), policy=Policy(k=10))


@pytest.mark.parametrize(
    ("spoil", "found"),
    [
        (f"update {TEAM} set size_band = 'ada@example.org' where unit_id = 'xx'", ("detectors.email", "size_band")),
        (f"update {TEAM} set unit_id = 'Ada Lowe' where unit_id = 'xx'", ("detectors.identifier", "unit_id")),
        (
            "update vault.intermediate.int_units set unit_name = 'The Ada-Löwe crew' where unit_id = 'xx'",
            ("detectors.identifier", "unit_name"),
        ),
        (f'alter table {TEAM} add column "ada löwe" bigint', ("detectors.identifier", "(unregistered)")),
    ],
)
def test_a_planted_identifier_is_found_and_not_repeated(spoil, found):
    db = world().connect("team_delivery")
    db.execute(spoil)
    findings = violated(db, people=["Ada Löwe", "ada.loewe", "published", "team"])
    assert found in findings
    assert "ada" not in str(findings).casefold()


def test_somebody_whose_login_is_a_word_of_ours_stops_nothing():
    assert violated(world().connect("team_delivery"), people=["published", "team", "under 6", "direct"]) == {}
