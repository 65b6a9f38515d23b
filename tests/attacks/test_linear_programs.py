"""Attacks 18, 19, 24 to 27, 32 to 34: linear programs over everything that was ever published.

What is honestly published gives the auditor nothing; each mistake planted here gives it something. The programs
themselves are held against closed forms and against trying everything out.
"""

import datetime as dt
import itertools
from dataclasses import replace
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from expectations.attacker.audit import KINDS, RULE, audit
from expectations.attacker.components import components
from expectations.attacker.knowledge import Version
from expectations.attacker.programs import Program, Row, Unsolved, bounds
from expectations.attacker.readings import Reading, needed
from expectations.policy import Policy
from tests.attacks.simulation import COUNT, YEAR, Simulated, Size, simulated
from tests.attacks.vaults import DDL, Release, fill, naive, put, released, vault
from tests.oracle import half_even

QUANTITIES = (COUNT, "tasks_completed", "lines_added", "lines_deleted")
TABLES = ("team_delivery", "team_tasks", "team_code_volume")


@pytest.fixture(scope="module")
def company() -> Simulated:
    return simulated(1, Size(people=120, teams=18, groups=3, quantities=QUANTITIES), later=3)


@pytest.fixture
def delivery(company: Simulated) -> Release:
    return released(company, "team_delivery")


def found(company: Simulated, *releases: Release) -> dict[str, int]:
    """Kinds of findings, and how many."""
    with vault(company, releases) as connection:
        return counted(audit(connection, Policy()))


def counted(findings) -> dict[str, int]:
    kinds = {kind: sum(f.count for f in findings if f.rule == f"{RULE}.{kind}") for kind in KINDS}
    return {kind: count for kind, count in kinds.items() if count}


def teams_of(release: Release, atom: tuple[dt.date, str]) -> set[str]:
    return {team for _, start, unit, team in release.cells if (start, unit) == atom}


def total(company: Simulated, release: Release, start: dt.date, teams: set[str]) -> Fraction:
    """What people in these teams did, clipped, not rounded."""
    block = next(one for one in company.blocks if one.start == start)
    rule = release.rules[COUNT, block.iso_year]
    return sum(min(Fraction(v), rule.clip) for team in teams for v in block.did[COUNT].get(team, {}).values())


def base(release: Release) -> int:
    return min(rule.base for rule in release.rules.values())


@pytest.mark.attack(18, 19, 25, 26, 27, 32, 33)
def test_nothing_is_found_in_what_is_honestly_published(company):
    assert found(company, *(released(company, name) for name in TABLES)) == {}


def test_zero_findings_are_told_for_every_column(company):
    with vault(company, [released(company, name) for name in TABLES]) as connection:
        told = {(one.rule, one.table, one.column) for one in audit(connection, Policy())}
    assert len(told) == len(KINDS) * len(QUANTITIES)


@pytest.mark.attack(16, 32)
@pytest.mark.parametrize("step", [5, 10])
def test_teams_as_they_are_without_merging(company, delivery, step):
    """The naive release: a row for every team, rounded to a step below the base that is told from what people do."""
    assert found(company, naive(company, delivery, step))["colluders"] > 0


@pytest.mark.attack(27, 32)
def test_an_atom_that_is_not_rounded(company, delivery):
    atom = next(key for key, row in delivery.rows.items() if row["status"] == "published" and teams_of(delivery, key))
    truth = total(company, delivery, atom[0], teams_of(delivery, atom))
    delivery.rows[atom] = {COUNT: int(truth) if truth % base(delivery) else int(truth) + 1}
    assert set(found(company, delivery)) & {"all_but_one", "unexplained"}


@pytest.mark.attack(18)
def test_a_parent_that_is_a_sum_of_its_own(company, delivery):
    """Attack 18: the group's true sum, rounded by itself, beside the rows of its teams."""
    everywhere = 0
    for (start, unit), row in list(delivery.rows.items()):
        if row["unit_level"] == "group" and row["status"] == "published":
            block = next(one for one in company.blocks if one.start == start)
            teams = {team for team, one in block.units.items() if one.parent == unit}
            rule = delivery.rules[COUNT, block.iso_year]
            own = half_even(total(company, delivery, start, teams), rule.base)
            everywhere += own != row[COUNT]
            delivery.rows[start, unit] = row | {COUNT: own}
    assert everywhere, "no group was changed: plant it elsewhere"
    assert found(company, delivery)["all_but_one"] > 0


@pytest.mark.attack(18, 19)
def test_a_team_that_is_left_out_and_can_be_subtracted(company, delivery):
    """Attack 18 as it is known: exact rows, exact totals, the smallest team of each group missing."""
    exact = replace(naive(company, delivery, 1), rules=delivery.rules)
    for block in company.blocks[YEAR:]:
        for group in {unit.parent for unit in block.units.values() if unit.level == "team"}:
            teams = [name for name, unit in block.units.items() if unit.parent == group]
            exact.rows[block.start, group] = {COUNT: sum(exact.rows[block.start, team][COUNT] for team in teams)}
            gone = min(teams, key=lambda team: len(block.members[team]))
            del exact.rows[block.start, gone]
            exact.cells.remove((delivery.table.name, block.start, gone, gone))
    assert found(company, exact)["colluders"] > 0


@pytest.mark.attack(24, 33)
def test_two_partitions_of_the_same_work(company, delivery):
    """Attacks 24 and 33: {T1}, {T2 + T3} in one release, {T1 + T2}, {T3} in another, or in another table."""
    start = company.blocks[-1].start
    merged = {
        key: teams for key in delivery.rows if key[0] == start and len(teams := sorted(teams_of(delivery, key))) > 1
    }
    own = [key for key in delivery.rows if key[0] == start and teams_of(delivery, key) == {key[1]}]
    (rest, (taken, *left)), lone = next(iter(merged.items())), own[0]
    old = replace(delivery, rows=dict(delivery.rows), cells=set(delivery.cells))
    for unit, teams in ((rest[1], left), (lone[1], [lone[1], taken])):
        amount = total(company, delivery, start, set(teams))
        old.rows[start, unit] = delivery.rows[start, unit] | {COUNT: half_even(amount, base(delivery))}
        old.cells -= {cell for cell in old.cells if cell[1:3] == (start, unit)}
        old.cells |= {(delivery.table.name, start, unit, team) for team in teams}
    with vault(company, [delivery]) as connection:
        assert counted(audit(connection, Policy())) == {}
        connection.execute("create schema vault.before; create table vault.before.cells as from vault.protected.cells")
        connection.execute("truncate vault.before.cells")
        put(connection, old, "vault.before")
        findings = audit(connection, Policy(), versions=(Version(), Version("vault.before")))
    assert counted(findings)["all_but_one"] > 0


def test_a_number_that_nothing_explains(company, delivery):
    atom = next(key for key, row in delivery.rows.items() if row["status"] == "published" and teams_of(delivery, key))
    delivery.rows[atom] = delivery.rows[atom] | {COUNT: delivery.rows[atom][COUNT] + base(delivery)}
    assert found(company, delivery)["unexplained"] > 0


def test_numbers_without_constants_are_findings(company, delivery):
    assert found(company, replace(delivery, rules={}))["unexplained"] > 0


def test_only_the_periods_asked_for_are_looked_at(company, delivery):
    start, later = company.blocks[YEAR].start, company.blocks[YEAR + 1].start
    atom = next(key for key, row in delivery.rows.items() if key[0] == start and row[COUNT])
    delivery.rows[atom] = delivery.rows[atom] | {COUNT: delivery.rows[atom][COUNT] + base(delivery)}
    with vault(company, [delivery]) as connection:
        assert counted(audit(connection, Policy(), [later])) == {}
        assert counted(audit(connection, Policy(), [start]))["unexplained"] > 0


def test_a_tree_that_bites_its_own_tail_is_a_finding_and_no_endless_walk(company, delivery):
    with vault(company, [delivery]) as connection:
        connection.execute("update vault.intermediate.int_units set parent_id = 'g000' where unit_id = 'org'")
        assert counted(audit(connection, Policy()))["unexplained"] > 0


def test_an_empty_vault_has_nothing_to_find():
    import duckdb

    with duckdb.connect() as connection:
        connection.execute(DDL)
        assert audit(connection, Policy()) == []
        connection.execute(
            "create table vault.protected.team_tasks(period_start date, unit_id varchar, tasks_completed int)"
        )
        fill(connection, "vault.protected.team_tasks", [(dt.date(2024, 1, 1), "a", None)])
        assert audit(connection, Policy()) == []


@given(
    amounts=st.lists(st.lists(st.integers(0, 12), min_size=1, max_size=6), min_size=1, max_size=4),
    clip=st.integers(1, 12),
    margin=st.integers(0, 10),
)
@settings(max_examples=60, deadline=None)
def test_disjoint_atoms_have_the_bounds_that_a_pencil_finds(amounts, clip, margin):
    rosters = {f"t{at}": frozenset(f"p{at}.{i}" for i in range(len(done))) for at, done in enumerate(amounts)}
    done = {f"p{at}.{i}": min(x, clip) for at, team in enumerate(amounts) for i, x in enumerate(team)}
    sums = {team: sum(done[person] for person in people) for team, people in rosters.items()}
    told = [Reading(frozenset({team}), sums[team] - margin, sums[team] + margin) for team in rosters]
    parts = list(components(told, rosters, done, clip))
    assert len(parts) == len(rosters)
    for part in parts:
        n, s = len(part.people), sum(part.amounts.values())
        expected = max(0, s - margin - (n - 1) * clip), min(clip, s + margin)
        assert bounds([part.program(part.people[0])]) == [pytest.approx(expected)]
        alone = part.program(part.people[0], part.people[1:], free=True)
        mine = part.amounts[part.people[0]]
        assert bounds([alone]) == [pytest.approx((mine - margin, mine + margin))]


@given(
    amounts=st.lists(st.integers(0, 3), min_size=3, max_size=3),
    sizes=st.lists(st.integers(1, 2), min_size=3, max_size=3),
    margins=st.lists(st.integers(0, 2), min_size=2, max_size=2),
)
@settings(max_examples=60, deadline=None)
def test_overlapping_atoms_have_the_bounds_that_trying_everything_finds(amounts, sizes, margins):
    """{T1 + T2} and {T2 + T3}: what is least and most in whole numbers is so in fractions too."""
    rosters = {f"t{at}": frozenset(f"p{at}{i}" for i in range(size)) for at, size in enumerate(sizes)}
    people = sorted(person for team in rosters.values() for person in team)
    done = {person: amounts[int(person[1])] for person in people}
    told = []
    for teams, margin in zip(({"t0", "t1"}, {"t1", "t2"}), margins, strict=True):
        amount = sum(done[person] for team in teams for person in rosters[team])
        told.append(Reading(frozenset(teams), amount - margin, amount + margin))
    (part,) = components(told, rosters, done, 3)
    fitting = [
        trial
        for values in itertools.product(range(4), repeat=len(people))
        for trial in [dict(zip(people, values, strict=True))]
        if all(one.low <= sum(trial[p] for t in one.teams for p in rosters[t]) <= one.high for one in told)
    ]
    for person in people:
        possible = [trial[person] for trial in fitting]
        assert bounds([part.program(person)]) == [pytest.approx((min(possible), max(possible)))]


@given(
    amounts=st.lists(st.lists(st.integers(0, 9), min_size=1, max_size=3), min_size=2, max_size=4),
    clip=st.integers(4, 9),
    margins=st.lists(st.sampled_from([0, 0, 1, 3, 6]), min_size=4, max_size=4),
    above=st.sampled_from([0, 1, 5, 30]),
    missing=st.booleans(),
)
@settings(max_examples=60, deadline=None)
def test_what_is_left_out_as_implied_changes_no_bound(amounts, clip, margins, above, missing):
    rosters = {f"t{at}": frozenset(f"p{at}.{i}" for i in range(len(done))) for at, done in enumerate(amounts)}
    done = {f"p{at}.{i}": min(x, clip) for at, team in enumerate(amounts) for i, x in enumerate(team)}
    sums = {team: sum(done[person] for person in people) for team, people in rosters.items()}
    told = {
        Reading(frozenset({team}), sums[team] - margin, sums[team] + margin)
        for team, margin in list(zip(rosters, margins, strict=False))[missing:]
    }
    told.add(Reading(frozenset(rosters), sum(sums.values()) - above, sum(sums.values()) + above))
    fewer_readings = needed(frozenset(told))
    every, fewer = (
        {p: c for c in components(r, rosters, done, clip) for p in c.people} for r in (told, fewer_readings)
    )
    for person, part in every.items():
        assert bounds([fewer[person].program(person)]) == [pytest.approx(bounds([part.program(person)])[0])]


def test_what_has_no_solution_is_said_without_a_number():
    with pytest.raises(Unsolved) as raised:
        bounds([Program((3,), (Row((0,), True, 9, 9),), 3)])
    assert not any(digit in str(raised.value).replace("status 2", "") for digit in "39")
