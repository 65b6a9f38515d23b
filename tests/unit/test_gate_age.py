"""A union of teams needs two that live, or one that lives and is old: else a new team is alone in its row."""

from functools import cache

import pytest

from expectations.gate import examine
from expectations.policy import Policy
from tests.unit.gate_world import BLOCKS, JUDGED, World

LAST = JUDGED[-1]
YOUNG = "delete from vault.intermediate.int_units where unit_id = '{team}' and period_start < '{until}'"
IDLE = "delete from vault.intermediate.int_ledger where team_id = '{team}' and period_start < '{last}'"


@cache
def world() -> World:
    return World()


def refused(young=(), idle=(), until=LAST):
    """Whether the rule refuses an atom of the last period when these teams are young or idle."""
    db = world().connect("team_delivery")
    for team in young:
        db.execute(YOUNG.format(team=team, until=until))
    for team in idle:
        db.execute(IDLE.format(team=team, last=LAST))
    found = examine(db, "team_delivery", Policy(), (), [LAST])
    return any((one.rule, one.column) == ("union_of_atoms", "unit_id") and one.count for one in found)


def test_the_rest_of_the_first_group_is_of_two_teams():
    assert set(world().atoms("team_delivery", LAST)["rest:g1"]) == {"bb", "cc"}


@pytest.mark.parametrize(
    ("young", "idle", "answer"),
    [
        ((), (), False),
        (("bb", "cc"), (), False),
        (("bb",), ("cc",), True),
        ((), ("cc",), False),
        (("cc",), ("cc",), False),
        ((), ("bb", "cc"), True),
        (("aa",), (), True),
    ],
    ids=["as it is", "two young that live", "young beside idle", "old beside idle", "old alone lives", "idle", "own"],
)
def test_it_is_refused_when_too_young(young, idle, answer):
    assert refused(young, idle) is answer


def test_the_third_block_is_old_and_the_second_is_not():
    assert not refused(("aa",), until=BLOCKS[-3])
    assert refused(("aa",), until=BLOCKS[-2])
