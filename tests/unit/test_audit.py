"""What the auditor is given: the first version of each period and the one that readers see, each with its ledger."""

from fractions import Fraction

import dagster as dg
import pytest

from expectations.attacker.audit import RULE, admitted, audit
from expectations.policy import Policy
from expectations.verdict import Check, Finding, Judgement, Verdict
from orchestration.audit import AUDIT, audit_asset, auditor, told, versions, violations, with_audit
from tests.attacks.simulation import COUNT, YEAR, Size, simulated
from tests.attacks.vaults import released, vault
from tests.oracle import half_even
from tests.unit.gate_vault import home

LINE = Finding(f"{RULE}.interval", "team_delivery", COUNT, 3)


@pytest.fixture
def restated():
    """A release in which one atom of one period counts less than in the vault's own ledger."""
    company = simulated(1, Size(people=120, teams=18, groups=3), later=2)
    first = released(company, "team_delivery")
    block = company.blocks[YEAR]
    rule = first.rules[COUNT, block.iso_year]
    atom = next(unit for _, start, unit, team in sorted(first.cells) if start == block.start and unit == team)
    with vault(company, [first]) as connection:
        connection.execute("attach ':memory:' as last")
        for table in ("team_delivery", "cells"):
            connection.execute(f"create table last.main.{table} as from vault.protected.{table}")
        connection.execute("create schema vault.restated")
        of_period = f"from vault.intermediate.int_ledger where period_start = '{block.start}'"
        for release_id, value in (("2026-11-09-2", 0), ("2026-11-09-10", 1)):
            made = f"select '{release_id}' as release_id, * replace (if(team_id = '{atom}', {value}, value) as value)"
            exists = connection.execute("select 1 from duckdb_tables() where schema_name = 'restated'").fetchone()
            verb = "insert into vault.restated.int_ledger" if exists else "create table vault.restated.int_ledger as"
            connection.execute(f"{verb} {made} {of_period}")
        count = len(block.did[COUNT][atom])
        amount = half_even(Fraction(count), rule.base)
        key = f"period_start = '{block.start}' and unit_id"
        connection.execute(f"update last.main.team_delivery set {COUNT} = {amount} where {key} = '{atom}'")
        for unit in (block.units[atom].parent, "org"):
            below = f"select unit_id from last.main.cells where period_start = '{block.start}'"
            below += "" if unit == "org" else f" and team_id in ({teams(block, unit)}) and unit_id <> 'rest:org'"
            total = f"select sum({COUNT}) from last.main.team_delivery where {key} in ({below})"
            connection.execute(f"update last.main.team_delivery set {COUNT} = ({total}) where {key} = '{unit}'")
        yield connection


def teams(block, group):
    return ", ".join(f"'{name}'" for name, unit in block.units.items() if unit.parent == group)


def found(connection, given):
    return violations(audit(connection, Policy(), versions=given))


def test_each_version_is_read_with_the_ledger_it_was_made_from(restated):
    assert found(restated, versions(restated)) == []


def test_without_its_ledger_a_restated_number_is_explained_by_nothing(restated):
    restated.execute("drop table vault.restated.int_ledger")
    assert {one.rule for one in found(restated, versions(restated))} >= {f"{RULE}.unexplained"}


def test_before_the_first_release_the_vault_is_all_there_is(restated):
    restated.execute("detach last")
    assert [one.schema for one in versions(restated)] == ["vault.protected"]


@pytest.mark.parametrize("spoilt", [0, 7])
def test_the_asset_tells_people_in_bands_and_fails_with_a_broken_bound(restated, tmp_path, spoilt):
    restated.execute("drop schema vault.restated cascade; detach last")
    restated.execute(f"update vault.protected.team_delivery set {COUNT} = {COUNT} + {spoilt}")
    ended = dg.materialize([audit_asset(home(tmp_path, restated))], raise_on_error=False)
    assert ended.success is (not spoilt)
    for event in ended.get_asset_materialization_events():
        told = {name: value.value for name, value in event.materialization.metadata.items()}
        assert event.asset_key == AUDIT
        assert told.pop("columns") > 0
        assert set(told.values()) <= {"0", "<100"}
        assert f"{RULE}.at_the_clip" in told


def judgement(connection):
    starts = connection.execute("select distinct period_start from vault.protected.cells").fetchall()
    verdicts = tuple(Verdict("team_delivery", one, "", "", "", "", passed=True, findings=()) for (one,) in starts)
    return Judgement("team_delivery", verdicts, (Check("shape", passed=True, findings=()),))


def test_a_table_in_which_every_bound_holds_keeps_its_verdicts(restated):
    before = judgement(restated)
    after = with_audit(before, auditor(restated, Policy()))
    assert after.verdicts == before.verdicts
    assert after.checks == (*before.checks, Check(RULE, passed=True, findings=()))


@pytest.mark.parametrize(
    "spoilt", [f"update vault.protected.team_delivery set {COUNT} = {COUNT} + 7", "drop table vault.protected.cells"]
)
def test_a_table_with_a_broken_bound_or_that_cannot_be_read_is_refused(restated, spoilt):
    before = judgement(restated)
    restated.execute(spoilt)
    after = with_audit(before, auditor(restated, Policy()))
    assert not any(verdict.passed for verdict in after.verdicts)
    assert [check.rule for check in after.checks if not check.passed] == [RULE]


def test_what_is_admitted_is_told_and_no_violation():
    clip = Finding(f"{RULE}.at_the_clip", "team_delivery", COUNT, 1)
    assert admitted(clip)
    assert violations([clip, LINE, Finding(f"{RULE}.colluders", "team_delivery", COUNT, 0)]) == [LINE]
    assert told([LINE]) == f"team_delivery, {COUNT}: {RULE}.interval: 3"
