"""Whoever's work is left out, nothing changes but the atoms that they stand in: rows, their order and number, cells.

Everybody of random companies, one after the other, in the last period. The oracle publishes, which
tests/pipeline/test_atoms_sql.py holds equal to the models; three people of a company are left out of the models
themselves in tests/attacks/mounted/signals.py.
"""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.oracle import Block, Event, Night
from tests.oracle.published import Page
from tests.pipeline.random_companies import TABLE, company

FIXED = ("period_end", "unit_level", "size_band")


def page(table, blocks, rules):
    """The last period."""
    year = blocks[-1].iso_year
    return Page(Night(table, blocks, len(blocks) - 1, {name: rules.get((name, year)) for name in table.ledger}))


def without(block: Block, person: str) -> tuple[Block, set[str]]:
    """A block in which somebody did nothing, though they are on the roster; and the teams in which that shows."""
    did, events, concerned = {}, {}, set()
    for quantity, teams in block.did.items():
        did[quantity] = {team: {p: n for p, n in done.items() if p != person} for team, done in teams.items()}
        concerned |= {team for team, done in teams.items() if person in done}
    for team, listed in block.events.items():
        events[team] = [_less(event, person) for event in listed if next(iter(event.roles.values()), "") != person]
        concerned |= {team for event in listed if person in event.roles.values()}
    return replace(block, did=did, events=events), concerned


def _less(event: Event, person: str) -> Event:
    return replace(event, roles={role: who for role, who in event.roles.items() if who != person})


def made_of(night: Night, unit: str) -> dict[str, list[str]]:
    """The atoms of a row, with their teams."""
    atoms = [unit] if unit in night.atoms else night.standing(unit)
    return {atom: sorted(night.atoms[atom]) for atom in atoms}


@pytest.mark.attack(15)
@settings(max_examples=20, deadline=None)
@given(st.integers(0, 3000), st.integers(1, 2), st.booleans(), st.sampled_from(sorted(TABLE)))
def test_nothing_changes_but_the_atoms_that_contain_them(number, depth, weekly, name):
    made, table = company(number, depth, weekly), TABLE[name]
    *earlier, last = made.blocks[name]
    before = page(table, [*earlier, last], made.rules[name])
    rows = before.rows()
    for person in sorted(frozenset().union(*last.members.values())):
        changed, concerned = without(last, person)
        after = page(table, [*earlier, changed], made.rules[name])
        others = after.rows()
        assert list(others) == list(rows)
        for unit, row in rows.items():
            atoms = made_of(before.night, unit)
            same = atoms == made_of(after.night, unit)
            if same and concerned.isdisjoint(team for teams in atoms.values() for team in teams):
                assert others[unit] == row, "a row changes with somebody who is not in it"
            facts = FIXED[: 2 if row["unit_level"] == "rest" and not same else None]  # a rest is as large as its teams
            assert [others[unit][fact] for fact in facts] == [row[fact] for fact in facts]
