"""Each guard of our own side, switched off alone, lets through what it alone stops: rules of the gate, detectors,
lineage, inspection of the written release, verdict, register, difference of a restatement.
"""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from expectations import gate, text
from expectations.detectors import DETECTORS, Identifiers, columns, hits
from expectations.drill import CANARIES, trial
from expectations.drill.plants import PLANTS, PLANTS_IN_DERIVED
from expectations.policy import Policy
from expectations.rules import RULES
from orchestration import clearance, publish, restate
from orchestration.lineage import declared_kinds
from orchestration.release import ReleaseError
from sources.systems import names
from tests.attacks.companies import Company, steady, teams
from tests.attacks.laboratory import models
from tests.attacks.laboratory import publish as built
from tests.attacks.plants import DISGUISES, NAME, NUMBERS, PEOPLE, PSEUDONYM
from tests.attacks.switches import Change, around
from tests.unit import test_restate
from tests.unit.gate_world import World
from tests.unit.release_world import P1
from tests.unit.release_world import world as made

ALONE = {
    "floors": ("team_tasks", "a policy below its floors"),
    "shape": ("team_tasks", "a row twice"),
    "full_grid": ("team_tasks", "a withheld row left out"),
    "hierarchy": ("team_bottlenecks", "a team that hangs below nothing"),
    "sealed_periods": ("team_tasks", "a period that was released"),
    "union_of_atoms": ("team_tasks", "a team made yesterday"),
    "recomputation": ("team_tasks", "another rounded count"),
    "derived": ("team_bottlenecks", "other evidence"),
}
IN_THE_ROSTER_TOO = {"hierarchy": "update vault.ops.roster_units set parent_id = 'nowhere' where unit_id = '{atom}'"}
"""What has to be so as well, lest another rule sees the same."""
ELSEWHERE = "select * replace (case when team_id = 'zz' then 'yy' else team_id end as team_id) from model"
TOLD_TWICE = """
from model union all by name
select * from model where table_name = 'team_tasks' and quantity = 'tasks_completed' and person_key = 'aa-0'
"""
TOLD_BY_ANOTHER = """
from model where table_name <> 'team_tasks' or quantity <> 'tasks_completed' union all by name
select * replace ('team_tasks' as table_name, 'tasks_completed' as quantity, 'assignee' as role, value * 3 as value)
from model where table_name = 'team_delivery' and quantity = 'changes_merged' and role = 'author'
"""


@dataclass(frozen=True)
class Wrong:
    """Models that publish what one rule alone refuses: what each of team aa does a block, and how they are wrong."""

    amounts: tuple[int, ...] = (4,) * 9
    table: str = "team_tasks"
    policy: Policy = field(default_factory=Policy)
    changes: Mapping[str, Change] = field(default_factory=dict)
    roster: int = 9


MADE = {
    "threshold": Wrong((1, 1, 1, 1), policy=Policy(k=4)),
    "dominance": Wrong((5, 1, 1, 1, 1), policy=Policy(dominance=0.6)),
    "p_percent": Wrong((200, 200, 200, 15, 10), "team_code_volume", Policy(p_percent=0.1)),
    "roster": Wrong((4,) * 5, policy=Policy(roster_margin=0), roster=5),
    "placement": Wrong(changes={"int_members": around(ELSEWHERE)}),
    "ledger": Wrong(changes={"int_ledger": around(TOLD_TWICE)}),
    "identities": Wrong(changes={"int_ledger": around(TOLD_BY_ANOTHER)}),
}


def without(rule: str):
    return tuple(one for one in RULES if one.name != rule)


def key(name):
    return hashlib.sha256(name.encode()).hexdigest()[:32]


@pytest.fixture(scope="module")
def honest():
    """Candidates of a company whose people are called as the vault calls them."""
    tree = {"g1": teams(aa=9, bb=8, cc=3), "g2": teams(dd=10, ee=9)}
    keyed = {g: {team: [key(name) for name in people] for team, people in found.items()} for g, found in tree.items()}
    company = Company(keyed, later=1)
    company.work(steady())
    return built(company).connection


@pytest.mark.slow
@pytest.mark.parametrize("rule", ALONE)
def test_without_this_rule_a_wrong_candidate_passes(rule, honest, monkeypatch):
    table, name = ALONE[rule]
    plant = next(one for one in (*PLANTS, *PLANTS_IN_DERIVED) if one.name == name)
    place = trial._place(honest, table)

    def seen():
        with trial._taken_back(honest):
            trial._unseal(honest, table)
            for statement in (*plant.statements, *filter(None, [IN_THE_ROSTER_TOO.get(rule)])):
                honest.execute(statement.format(**place))
            return trial._counted(honest, table, replace(Policy(), **plant.thresholds), place["period"])

    assert seen() == {rule}
    monkeypatch.setattr(gate, "RULES", without(rule))
    assert seen() == set()


@pytest.mark.slow
@pytest.mark.parametrize("rule", MADE)
def test_without_this_rule_wrong_models_pass(rule, monkeypatch):
    wrong = MADE[rule]
    company = Company({"g1": teams(aa=wrong.roster, bb=12), "g2": teams(yy=12, zz=12)}, later=1)
    company.work(steady())
    block, rng = company.blocks[-1], random.Random(4)
    begun = block.period_start
    company.tasks = [t for t in company.tasks if t.assignee[:2] != "aa" or t.done_at.date() < begun]
    company.changes = [c for c in company.changes if c.author[:2] != "aa" or c.merged_at.date() < begun]
    for number, amount in enumerate(wrong.amounts):
        if wrong.table == "team_code_volume":
            for _ in range(3):
                company.change(f"aa-{number}", block, rng, additions=amount, deletions=amount)
        else:
            company.work(lambda rng, who, at, n=amount: n, [f"aa-{number}"], [block])
    connection = built(company, wrong.policy, wrong.changes).connection

    def seen():
        found = gate.examine(connection, wrong.table, Policy(), CANARIES, [begun])
        return {one.rule for one in found if one.count}

    assert seen() == {rule}
    monkeypatch.setattr(gate, "RULES", without(rule))
    assert seen() == set()


def test_every_rule_is_switched_off_once():
    assert {rule.name for rule in RULES} == {*ALONE, *MADE}


SEEN_TWICE = {"uuid": {"digest"}, "identifier_hashed": {"digest"}, "identifier_hex": {"exact_time"}}
"""Detectors of what another one sees by its pattern: both are off."""


@pytest.mark.parametrize("off", [detector.name for detector in DETECTORS])
def test_without_this_detector_somebody_is_overlooked(off):
    people = Identifiers(PEOPLE, [PSEUDONYM])
    left = tuple(one for one in DETECTORS if one.name not in {off, *SEEN_TWICE.get(off, ())})
    meant = [planted for planted, detector in DISGUISES.values() if detector == off]
    meant += [planted for planted, _ in DISGUISES.values() if off in hits(planted, people)]
    assert any(off in hits(planted, people) and not hits(planted, people, left) for planted in meant)


@pytest.mark.slow
@pytest.mark.parametrize("what", NUMBERS)
def test_without_this_detector_of_columns_a_fingerprint_is_overlooked(what, monkeypatch):
    sql, off, _ = NUMBERS[what]
    db = World().connect("team_delivery")
    for statement in sql:
        db.execute(statement)

    def seen():
        found = gate.examine(db, "team_delivery", Policy(), PEOPLE)
        return {one.rule for one in found if one.count and one.rule.startswith("detectors.")}

    assert f"detectors.{off}" in seen()
    monkeypatch.setattr(columns, "COLUMN_DETECTORS", tuple(d for d in columns.COLUMN_DETECTORS if d.name != off))
    if off == columns.PER_PERSON:
        monkeypatch.setattr(text, "per_person", lambda *_: ())
    assert f"detectors.{off}" not in seen()


@pytest.mark.slow
def test_without_the_lineage_guard_a_model_leaves_out_somebody(monkeypatch):
    """Everything else is right about a table that a model made of all people but one: that one is the difference."""
    from expectations.lineage import examine_lineage

    leaves_out = around("from model where author_key <> 'aa-0'")
    sql = {".".join(one.relation.replace('"', "").split(".")[1:]): one.sql for one in models(Policy())}
    leaky = sql | {"intermediate.int_changes": leaves_out(sql["intermediate.int_changes"])}
    declared = declared_kinds(names())
    assert "protected.team_delivery" in {table for one in examine_lineage(leaky, declared) for table in one.tables}
    company = Company({"g1": teams(aa=9, bb=9), "g2": teams(yy=12, zz=12)}, later=1)
    company.work(steady())
    company.work(lambda *_: 30, ["aa-0"], company.judged)
    begun = company.judged[0].period_start
    shown = []
    for changes in ({}, {"int_changes": leaves_out}):
        release = built(company, rewrite=changes)
        found = gate.examine(release.connection, "team_delivery", Policy(), CANARIES, [begun])
        assert [one for one in found if one.count] == []
        shown.append(release.value("team_delivery", "changes_merged", "aa", begun))
    assert shown[0] != shown[1]


@pytest.fixture
def world(tmp_path, monkeypatch):
    with made(tmp_path, monkeypatch) as world:
        yield world


def test_without_the_inspection_a_written_release_names_somebody(world, monkeypatch):
    world.publication = replace(world.publication, people=lambda: Identifiers(PEOPLE))
    world.block(P1)
    world.vault.execute("update vault.intermediate.int_units set unit_name = ? where unit_id = 'red'", [NAME])
    world.judge(P1)
    with pytest.raises(ReleaseError, match="no release may hold"):
        world.publish()
    monkeypatch.setattr(publish, "inspect", lambda *_: None)
    world.publish()
    assert (NAME,) in world.rows("select unit_name from units")


REPLAYED = {
    "changed after the verdict": "update vault.protected.team_delivery set changes_merged = 7",
    "judged by another policy": "update vault.ops.verdicts set policy = 'laxer'",
    "judged by other rules": "update vault.ops.verdicts set rules = 'none'",
    "evidence changed after the verdict": "update vault.ops.verdicts set evidence = 'other'",
    "refused by the gate": "update vault.ops.verdicts set passed = false",
    "no verdict": "delete from vault.ops.verdicts where table_name = 'team_delivery'",
}


@pytest.mark.parametrize("said", REPLAYED)
def test_unless_a_verdict_is_bound_to_what_it_judged_anything_is_published(said, world, monkeypatch):
    asked = clearance.objections
    world.block(P1)
    world.judge(P1)
    world.vault.execute(REPLAYED[said])
    refused = {one.reason for one in world.publish().refusals if one.table_name == "team_delivery"}
    assert refused == {said}
    monkeypatch.setattr(clearance, "objections", lambda *case: (one for one in asked(*case) if one != said))
    assert "team_delivery" in {one.table_name for one in world.publish().release.periods}


restated = test_restate.world


@pytest.mark.slow
@pytest.mark.parametrize("what", test_restate.TOO_FEW)
def test_without_the_difference_a_restatement_shows_the_work_of_a_few(what, restated, monkeypatch):
    with pytest.raises(ReleaseError, match="the work of too few"):
        test_restate.restated(restated, test_restate.TOO_FEW[what])
    monkeypatch.setattr(restate, "unsafe", lambda *_: ())
    test_restate.restated(restated, test_restate.TOO_FEW[what])
    assert restated.rows("select distinct changes_merged from team_delivery") == [(30,)]
