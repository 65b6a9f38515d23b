"""A published sum that others determine is refused: exactly, and not by chance."""

from fractions import Fraction

import pytest

from expectations.gate import examine
from expectations.identities import dependencies
from expectations.measures import IDENTITIES
from expectations.policy import Policy
from tests.unit.gate_world import World

LEDGER = "vault.intermediate.int_ledger"


def violated(db, table):
    return {(one.rule, one.column) for one in examine(db, table, Policy(), ()) if one.count}


def gram(*columns):
    return [[Fraction(sum(a * b for a, b in zip(one, two, strict=True))) for two in columns] for one in columns]


@pytest.mark.parametrize(
    ("columns", "found"),
    [
        (([1, 2, 3], [3, 1, 0], [0, 1, 1]), []),
        (([1, 2, 3], [2, 4, 6], [0, 1, 1]), [{"a", "b"}]),
        (([5, 2, 9], [3, 1, 4], [2, 1, 5]), [{"a", "b", "c"}]),
        (([1, 2, 3], [3, 1, 0], [1, 2, 3]), [{"a", "c"}]),
    ],
    ids=["free", "twice as much", "merged - deployed", "the same"],
)
def test_what_depends_is_found_with_its_terms(columns, found):
    assert dependencies(["a", "b", "c"], gram(*columns)) == found


def test_large_numbers_do_not_round():
    nearly = [10**15, 10**15 + 1, 7]
    assert dependencies(["a", "b"], gram(nearly, [2 * value for value in nearly[:2]] + [15])) == []


def test_a_quantity_that_others_determine_blocks_both_tables():
    db = World().connect("team_code_volume", "team_delivery")
    assert violated(db, "team_code_volume") == set()
    db.execute(f"delete from {LEDGER} where quantity = 'lines_deleted'")
    db.execute(
        f"insert into {LEDGER} select 'team_code_volume', 'lines_deleted', role, period_start, team_id, person_key, "
        f"3 * value from {LEDGER} where quantity = 'changes_merged'"
    )
    assert ("identities", "lines_deleted") in violated(db, "team_code_volume")
    assert ("identities", "changes_merged") in violated(db, "team_delivery")


class Continuous(World):
    """A machine deploys each change by itself: a deployment counts for the change's author."""

    def _deploy(self, *_):
        pass

    def _change(self, rng, key, reviewer):
        super()._change(rng, key, reviewer)
        start, team, name, author = key
        self.dora.append((start, team, "change", name, author, author, 3600, True, *[None] * 4, 60, None, None))
        self.dora.append((start, team, "deployment", name, None, author, None, None, True, False, False, *[None] * 4))
        self.dora.append((start, team, "recovery", name, None, author, *[None] * 5, 3600, None, author, author))
        self._add("team_dora", "deployments", "deployer", start, team, author)


@pytest.fixture(scope="module")
def continuous():
    return Continuous()


def test_a_company_that_deploys_each_change_by_itself_publishes_both_tables(continuous):
    db = continuous.connect("team_delivery", "team_dora")
    assert [row for row in continuous.ledger if row[0] == "team_dora"]
    assert violated(db, "team_delivery") | violated(db, "team_dora") == set()
    own = "select count(*) from vault.protected.team_dora where unit_level = 'team' and deployments is not null"
    assert db.execute(own).fetchone()[0] > 4


def test_the_same_sum_twice_is_refused_where_an_atom_lies_across_another(continuous):
    db = continuous.connect("team_delivery", "team_dora")
    db.execute(
        "update vault.protected.cells set unit_id = 'rest:g2' "
        "where table_name = 'team_dora' and team_id in ('dd', 'ee')"
    )
    assert ("identities", "deployments") in violated(db, "team_dora")
    assert ("identities", "changes_merged") in violated(db, "team_delivery")


def test_twice_as_much_is_not_the_same(continuous):
    db = continuous.connect("team_delivery", "team_dora")
    db.execute(f"update {LEDGER} set value = 2 * value where table_name = 'team_dora'")
    assert ("identities", "deployments") in violated(db, "team_dora")


def test_two_nearly_empty_columns_agree_by_chance():
    db = World().connect("team_code_volume")
    db.execute(f"delete from {LEDGER} where person_key <> 'aa-p0'")
    assert not {found for found in violated(db, "team_code_volume") if found[0] == "identities"}


def test_every_registered_identity_says_why_it_tells_nothing():
    assert all(identity.reason and len(identity.terms) >= 2 for identity in IDENTITIES)
