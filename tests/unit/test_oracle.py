"""The oracle itself, on companies small enough to be worked out by hand from the rules of disclosure."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.oracle import (
    Block,
    Constants,
    Event,
    Table,
    Timing,
    Unit,
    band,
    constants,
    half_even,
    middle,
    publish,
    snapped,
)

START = dt.date(2025, 1, 6)
PLAIN = Table("t", ("n",))
WIDE = Constants(Fraction(1000), 10)


def company(teams, events=None, blocks=4, table="n", groups=None):
    """Three quiet blocks and one of interest: {team: what each member did}; None is on the roster and did nothing."""
    groups = groups or {"g": list(teams)}
    tree = {"acme": Unit("org", None)} | {g: Unit("group", "acme") for g in groups}
    tree |= {team: Unit("team", g) for g, names in groups.items() for team in names}
    members = {team: frozenset(f"{team}{i}" for i in range(len(values))) for team, values in teams.items()}
    did = {team: {f"{team}{i}": v for i, v in enumerate(values) if v is not None} for team, values in teams.items()}
    return [
        Block(
            start=START + dt.timedelta(weeks=4 * at),
            end=START + dt.timedelta(weeks=4 * at + 4, days=-1),
            iso_year=2025,
            units=tree,
            members=members,
            did={table: did},
            events=(events or {}) if at == blocks - 1 else {},
        )
        for at in range(blocks)
    ]


def last(blocks, table=PLAIN, rule=WIDE):
    rows, cells = publish(table, blocks, {(quantity, 2025): rule for quantity in table.quantities})
    day = blocks[-1].start
    return {unit: row for (start, unit), row in rows.items() if start == day}, {
        (unit, team) for _, start, unit, team in cells if start == day
    }


def test_six_who_work_alike_have_a_row_of_their_own_and_five_have_not():
    rows, cells = last(company({"a": [4] * 6, "b": [4] * 5, "c": [4] * 6}))
    # b has r = 5 < 6; the smallest safe sibling joins it: a by id. a + b = 44 -> 40; c = 24 -> 20; the group their sum.
    assert cells == {("rest:g", "a"), ("rest:g", "b"), ("c", "c")}
    assert rows["rest:g"]["n"] == 40 and rows["c"]["n"] == 20 and rows["g"]["n"] == 60 and rows["acme"]["n"] == 60
    assert rows["a"]["status"] == rows["b"]["status"] == rows["rest:org"]["status"] == "withheld"
    assert rows["a"]["n"] is None and rows["a"]["size_band"] == "6-9" and rows["rest:g"]["size_band"] == "10-19"
    assert set(rows) == {"acme", "g", "a", "b", "c", "rest:g", "rest:org"}


def test_a_dominated_team_is_merged_until_nobody_holds_half():
    rows, cells = last(company({"a": [50, 1, 1, 1, 1, 1], "b": [5] * 6, "c": [3] * 8}))
    # a: 50 of 55. With b (30): 50 of 85, still over half. With c too (24): 50 of 109.
    assert cells == {("rest:g", "a"), ("rest:g", "b"), ("rest:g", "c")}
    assert rows["rest:g"]["n"] == rows["g"]["n"] == rows["acme"]["n"] == 110


def test_three_colluders_must_leave_a_fifth_of_the_largest():
    _, safe = last(company({"a": [100, 60, 40, 9, 9, 2]}))  # 20 left of 220
    assert safe == {("a", "a")}
    _, pinned = last(company({"a": [100, 60, 40, 9, 9, 1]}))  # 19 left
    assert pinned == set()


def test_who_never_worked_does_not_count_towards_the_quorum_but_a_zero_is_work():
    assert last(company({"a": [4, 4, 4, 4, 4, None]}))[1] == set()
    assert last(company({"a": [4, 4, 4, 4, 4, 0]}))[1] == {("a", "a")}
    assert last(company({"a": [4, 4, 4, 4, 0, 0, 0]}))[1] == set()  # four who gave more than nothing


def test_a_team_needs_two_blocks_before_its_own_row_and_two_that_live_need_none():
    blocks = company({"a": [4] * 6}, blocks=2)
    assert last(blocks)[1] == set()
    assert last(company({"a": [4] * 6}, blocks=3))[1] == {("a", "a")}
    assert last(company({"a": [4] * 6, "b": [4] * 6}, blocks=2))[1] == {("rest:g", "a"), ("rest:g", "b")}
    assert last(company({"a": [4] * 6, "b": [4] * 6}, blocks=1))[1] == set()  # nobody has a past yet


def test_a_young_team_is_not_hidden_by_one_in_which_nobody_lives():
    asleep, awake = [None] * 3, [4] * 7
    assert last(company({"a": awake, "b": asleep}, blocks=2))[1] == set()
    assert last(company({"a": awake, "b": asleep}, blocks=3))[1] == {("rest:g", "a"), ("rest:g", "b")}
    two = last(company({"a": awake, "b": asleep, "c": awake}, blocks=2))[1]
    assert two == {("rest:g", "a"), ("rest:g", "b"), ("rest:g", "c")}
    assert last(company({"x": asleep, "a": awake}, blocks=2, groups={"g": ["x"], "h": ["a"]}))[1] == set()


def test_an_unsafe_group_takes_the_smallest_atoms_of_the_safe_ones():
    teams = {"x": [2, 2], "a": [4] * 6, "b": [4] * 7, "c": [3] * 9}
    rows, cells = last(company(teams, groups={"exec": ["x"], "g": ["a", "b"], "h": ["c"]}))
    # Groups by size: exec 2 (unsafe), h 9, g 13. The list: exec, then c of h. Together r = 11: safe. g keeps its own.
    assert cells == {("rest:org", "x"), ("rest:org", "c"), ("a", "a"), ("b", "b")}
    assert rows["rest:org"]["n"] == 30  # 4 + 27 = 31
    assert rows["h"]["status"] == "withheld" and rows["g"]["n"] == 50 and rows["acme"]["n"] == 80  # 24 -> 20, 28 -> 30
    assert rows["rest:org"]["size_band"] == "10-19" and rows["rest:h"]["size_band"] == "under 6"


def test_nothing_is_published_when_no_prefix_is_safe():
    rows, cells = last(company({"x": [900, 2], "a": [4] * 6}, groups={"exec": ["x"], "g": ["a"]}))
    assert cells == set() and {row["status"] for row in rows.values()} == {"withheld"}


def test_every_quantity_must_be_safe():
    table = Table("t", ("n", "m"))
    blocks = company({"a": [4] * 6})
    lopsided = {"a": {"a0": 100, "a1": 1, "a2": 1, "a3": 1, "a4": 1}}
    blocks[-1] = replace(blocks[-1], did=blocks[-1].did | {"m": lopsided})
    assert last(blocks, table)[1] == set()


def test_ties_go_to_the_even_multiple_and_clips_are_exact():
    assert [half_even(Fraction(v), 10) for v in (5, 15, 25, 14, 0)] == [0, 20, 20, 10, 0]
    # Six people did 30 each, the clip is 6.3: 37.8 -> 40 by base 10, 50 by base 25 (1.512 -> 2).
    clip = Fraction(63, 10)
    assert last(company({"a": [30] * 6}), rule=Constants(clip, 10))[0]["a"]["n"] == 40
    assert last(company({"a": [30] * 6}), rule=Constants(clip, 25))[0]["a"]["n"] == 50


def test_constants_come_from_the_year_before_and_from_fifty_figures():
    blocks = company({"a": list(range(1, 14))})  # 4 blocks x 13 people, values 1..13 four times: row 39 of 52 is 10
    assert constants(blocks, "n", 2026) == Constants(Fraction(10), 10)
    assert constants(company({"a": list(range(1, 13))}), "n", 2026) is None  # 48
    assert constants(blocks, "n", 2025) is None
    bigger = company({"a": [value * 3 for value in range(1, 14)]})  # row 39 is 30: clip 32, base 50
    assert constants(bigger, "n", 2026) == Constants(Fraction(32), 50)
    assert publish(PLAIN, bigger)[1] == set()


def test_durations_are_snapped_from_the_geometric_middle():
    hour = 3600
    assert [snapped(int(h * hour)) for h in (0, 1, 1.11, 1.12, 9, 100_000)] == [0.1, 1.0, 1.0, 1.25, 10.0, 10_000.0]
    assert snapped(2 * hour * 2) == 4.0 and snapped(int(8.94 * hour)) == 8.0 and snapped(int(8.95 * hour)) == 10.0
    assert middle([5, 1, 3, 2]) == 2 and middle([5, 1, 3]) == 3
    assert [band(n) for n in (0, 5, 6, 9, 10, 19, 20, 49, 50)] == [
        "under 6", "under 6", "6-9", "6-9", "10-19", "10-19", "20-49", "20-49", "50+",
    ]  # fmt: skip


def timed(hours, people=6, reviewer=None, hit=lambda i: False):
    return [
        Event(
            {"author": f"a{i % people}"} | ({"reviewer": reviewer(i)} if reviewer and reviewer(i) else {}),
            None if h is None else int(h * 3600),
            hit(i),
        )
        for i, h in enumerate(hours)
    ]


def shown(events, kind, roles=("author",), teams=None):
    table = Table("t", ("n",), (Timing("m", kind, roles),))
    teams = teams or {"a": [4] * 6}
    return last(company(teams, events=events), table)[0]


def test_a_median_needs_people_on_both_sides_of_it():
    assert shown({"a": timed([1, 2, 3, 4, 5, 6] * 4)}, "p50")["a"]["m"] == 3.2  # row 12 of 24 is 3
    assert shown({"a": timed([1] * 24, people=4)}, "p50")["a"]["m"] is None
    assert shown({"a": timed([5, 5, 1, 1, 1, 1] * 4)}, "p50")["a"]["m"] == 1.0
    events = timed([9, 1, 1, 1, 1, 1] * 4)  # everybody is at or above 1; five at or below
    assert shown({"a": events}, "p50")["a"]["m"] == 1.0
    lopsided = timed([9, 9, 9, 9, 1, 1] * 4)  # row 12 is 9: six at or below, four at or above
    assert shown({"a": lopsided}, "p50")["a"]["m"] == 10.0
    assert shown({"a": timed([None] * 24)}, "p50")["a"]["m"] is None


def test_a_median_is_the_reviewers_conduct_too():
    hours = [1, 2, 3, 4, 5, 6] * 4
    many = timed(hours, reviewer=lambda i: f"r{i % 5}")
    one = timed(hours, reviewer=lambda i: "r" if i % 3 else f"r{i}")  # one person gave two of three reviews
    assert shown({"a": many}, "p50", ("author", "reviewer"))["a"]["m"] == 3.2
    assert shown({"a": one}, "p50", ("author", "reviewer"))["a"]["m"] is None
    assert shown({"a": timed(hours)}, "p50", ("author", "reviewer"))["a"]["m"] == 3.2  # nobody reviews: exempt


def test_a_parents_median_pools_those_atoms_that_show_theirs_and_two_at_least():
    teams = {"a": [4] * 6, "b": [4] * 6, "c": [4] * 6}
    fine, fast = timed([8] * 24), timed([1] * 36)
    rows = shown({"a": fine, "b": fast, "c": timed([500] * 99, people=2)}, "p50", teams=teams)
    assert (rows["a"]["m"], rows["b"]["m"], rows["c"]["m"]) == (8.0, 1.0, None)
    assert rows["g"]["m"] == rows["acme"]["m"] == 1.0
    alone = shown({"a": fine, "c": timed([500] * 99, people=2)}, "p50", teams=teams)
    assert alone["a"]["m"] == 8.0 and alone["g"]["m"] is None


def test_a_rate_needs_both_sides_and_never_says_all_or_nothing():
    def rate(hit, teams=None, **more):
        return shown({"a": timed([None] * 24, hit=hit, **more)}, "rate", more.pop("roles", ("author",)), teams)["a"][
            "m"
        ]

    assert rate(lambda i: i < 12) == 50
    assert rate(lambda i: i < 6) == 25
    assert rate(lambda i: i < 9) == 40  # 37.5 is a tie between 35 and 40: 7.5 steps -> 8
    assert rate(lambda i: i < 3) is None  # three persons
    assert rate(lambda i: True) is None  # nobody on the other side
    assert rate(lambda i: i < 12, teams={"a": [2] * 6 + [1]}) is None  # thirteen changes: 10, under 20


@pytest.mark.parametrize(
    ("reviews", "expected"),
    [(lambda i: f"r{i % 4}" if i >= 12 else None, 50), (lambda i: "r" if i >= 12 else None, None)],
)
def test_a_rate_of_unreviewed_work_is_the_reviewers_conduct_where_there_are_any(reviews, expected):
    events = timed([None] * 24, reviewer=reviews, hit=lambda i: i < 12)
    assert shown({"a": events}, "rate", ("author", "reviewer"))["a"]["m"] == expected
