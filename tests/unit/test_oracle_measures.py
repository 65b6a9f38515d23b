"""The oracle's tails, shares, spreads, deeper trees and weeks, on companies small enough to be worked out by hand."""

import datetime as dt
from dataclasses import replace
from fractions import Fraction

import pytest

from tests.oracle import Constants, Event, Stage, Table, Timing, Unit, by_role, constants, nearest_rank, publish
from tests.oracle.numbers import hundred, spread
from tests.unit.test_oracle import START, company, last, shown, timed

STAGES = (Stage("code", "code_pct"), Stage("read", "read_pct", ("reviewer",)), Stage("wait", "wait_pct"))
SHARES = Table("t", ("n",), stages=STAGES, other="other_pct")
SPREAD = Table("t", ("n",), spread="band")


def test_the_nearest_rank_is_somebodys_value():
    values = [40, 10, 30, 20]
    assert [nearest_rank(values, Fraction(q, 100)) for q in (25, 50, 51, 75, 76, 90)] == [10, 20, 30, 30, 40, 40]


def test_tails_need_more_events_and_three_people_in_them():
    hours = [1, 2, 3, 4, 5, 6] * 4  # of 24 row 18 is 5, and two people are at or above it
    assert shown({"a": timed(hours)}, "p75")["a"]["m"] is None
    hours = [1, 2, 3, 5, 5, 5] * 4  # row 18 is 5: three people
    assert shown({"a": timed(hours)}, "p75")["a"]["m"] == 5.0
    assert shown({"a": timed(hours)}, "p90")["a"]["m"] is None  # 24 events -> 20, under 50
    assert shown({"a": timed(hours * 2)}, "p90", teams={"a": [8] * 6})["a"]["m"] == 5.0  # 48 -> 50
    assert shown({"a": timed(hours)}, "p75", teams={"a": [2] * 6})["a"]["m"] is None  # 12 -> 10, under 20


def test_a_tail_is_the_reviewers_conduct_too():
    def reviewed(kind: str, slow: int):
        events = timed([1, 1, 1, 8, 8, 8] * 4, reviewer=lambda i: f"r{i % 4}" if i % 6 < 3 else f"s{i % slow}")
        return shown({"a": events}, kind, ("author", "reviewer"))["a"]["m"]

    assert reviewed("p75", slow=4) == 8.0
    assert reviewed("p75", slow=2) is None  # two people reviewed all that was slow


def staged(lines: dict[str, dict[str, list[int]]]):
    """{quantity: {team: what each of its people did}}, beside four changes by everybody."""
    blocks = company({team: [4] * 6 for team in "ab"})
    done = {
        quantity: {team: {f"{team}{i}": v for i, v in enumerate(values)} for team, values in teams.items()}
        for quantity, teams in lines.items()
    }
    blocks[-1] = replace(blocks[-1], did=blocks[-1].did | done)
    rules = {(quantity, 2025): Constants(Fraction(1000), 10) for quantity in SHARES.ledger}
    rows, _ = publish(SHARES, blocks, rules)
    columns = [*(stage.column for stage in STAGES), "other_pct"]
    return {unit: [row[c] for c in columns] for (start, unit), row in rows.items() if start == blocks[-1].start}


def test_stages_that_stand_alone_add_to_a_hundred():
    even = {"a": [3] * 6, "b": [1] * 6}
    rows = staged({"code": even, "read": even, by_role("read", "reviewer"): even, "wait": {"a": [6] * 6, "b": [1] * 6}})
    assert rows["a"] == [25, 25, 50, None]
    assert rows["b"] == [35, 35, 30, None]  # 33.3 each: 30 and the two steps left to the first two
    assert rows["g"] == rows["acme"] == [30, 25, 45, None]  # 4, 4, 7 of 15: 26.7, 26.7, 46.7


def test_a_stage_that_one_person_shows_takes_the_last_safe_ones_with_it():
    even = {"a": [3] * 6, "b": [3] * 6}
    mine = {"a": [9, 1, 1, 1, 1, 1], "b": [3] * 6}
    rows = staged({"code": mine, "read": even, by_role("read", "reviewer"): even, "wait": even})
    # a: 9 of 14 hours of code are one person's; with wait (12 of 32) they are not.
    assert rows["a"] == [None, 35, None, 65]  # 18 and 32 of 50: 36 and 64
    assert rows["b"] == [35, 35, 30, None]
    assert rows["g"] == [None, 35, None, 65]  # only read stands alone in both: 36 of 104


def test_reviewers_are_hidden_alone_and_among_the_others():
    even = {"a": [3] * 6, "b": [3] * 6}
    one = {"a": [18], "b": [3] * 6}
    rows = staged({"code": even, "read": even, by_role("read", "reviewer"): one, "wait": even})
    # a: read is one reviewer's; so are the others whatever joins them.
    assert rows["a"] == [None] * 4
    assert rows["g"] == [None] * 4  # one team is not two
    nothing = {"a": [0] * 6, "b": [3] * 6}
    rows = staged({"code": even, "read": nothing, by_role("read", "reviewer"): nothing, "wait": even})
    assert rows["a"] == [50, None, None, 50]  # nothing and few look alike: wait joins what nobody did


def test_parts_are_rounded_by_the_largest_remainder():
    assert hundred([Fraction(1)] * 3) == [35, 35, 30]
    assert hundred([Fraction(1), Fraction(99)]) == [0, 100]
    assert hundred([Fraction(v) for v in (58, 21, 21)]) == [60, 20, 20]
    assert sum(hundred([Fraction(v) for v in (7, 11, 13, 17, 19)])) == 100


@pytest.mark.parametrize(
    ("given", "word"),
    [([3] * 10, "even"), ([1] * 5 + [4] * 5, "mixed"), ([1] * 8 + [20] * 2, "concentrated"), ([2, 6, 8], "even")],
)
def test_a_spread_is_a_word_for_the_gini_coefficient(given, word):
    # 1 1 1 1 1 4 4 4 4 4: (2 * 5 * 15) / (10 * 25) = 0.3, which is no longer even; 2 6 8: 12 / 48 = 0.25
    assert spread(map(Fraction, given)) == word


def test_a_spread_needs_twice_the_quorum_and_one_more_on_the_roster():
    def word(values):
        return last(company({"a": values, "b": [5] * 11}), SPREAD)[0]["a"]["band"]

    assert word([5] * 11) == "even"
    assert word([5] * 10) is None  # r = 10
    assert word([5] * 10 + [0]) == "even"  # ten who gave, eleven who work
    assert word([5] * 9 + [0] * 2) is None
    alone = last(company({"a": [5] * 11, "b": [5] * 10}), SPREAD)[0]
    assert (alone["a"]["band"], alone["b"]["band"], alone["g"]["band"]) == ("even", None, None)
    both = last(company({"a": [1] * 11, "b": [9] * 11}), SPREAD)[0]
    assert (both["a"]["band"], both["g"]["band"]) == ("even", "mixed")  # 8 / 20 = 0.4


def deep(tree, teams):
    """{unit: parent} between the organisation and the teams; {team: (parent, what each of its people did)}."""
    blocks = company({team: values for team, (_, values) in teams.items()})
    units = {"acme": Unit("org", None)} | {name: Unit("group", parent) for name, parent in tree.items()}
    units |= {team: Unit("team", parent) for team, (parent, _) in teams.items()}
    return last([replace(block, units=units) for block in blocks])


def test_a_rest_counts_where_it_was_made_and_above():
    tree = {"x": "acme", "y": "x", "z": "x"}
    rows, cells = deep(tree, {"a": ("y", [4] * 6), "b": ("y", [4] * 5), "c": ("z", [4] * 7), "d": ("x", [4] * 8)})
    assert cells == {("rest:y", "a"), ("rest:y", "b"), ("c", "c"), ("d", "d")}
    assert [rows[unit]["n"] for unit in ("rest:y", "y", "z", "x", "acme")] == [40, 40, 30, 100, 100]
    assert set(rows) >= {"rest:x", "rest:y", "rest:z", "rest:org"}


def test_an_unsafe_unit_takes_the_smallest_atoms_of_its_neighbours_at_its_own_level():
    tree = {"x": "acme", "y": "x", "z": "x", "w": "acme"}
    teams = {"a": ("y", [4] * 3), "c": ("z", [4] * 7), "d": ("z", [4] * 6), "e": ("w", [4] * 9)}
    rows, cells = deep(tree, teams)
    assert cells == {("rest:x", "a"), ("rest:x", "d"), ("c", "c"), ("e", "e")}  # 3 + 6; e of the other branch stays
    assert rows["y"]["status"] == "withheld"
    assert [rows[unit]["n"] for unit in ("rest:x", "z", "x", "w", "acme")] == [40, 30, 70, 40, 110]


def test_what_no_level_can_hide_goes_to_the_root():
    tree = {"x": "acme", "y": "x", "w": "acme"}
    rows, cells = deep(tree, {"a": ("y", [4] * 3), "b": ("x", [4] * 2), "c": ("w", [4] * 9), "d": ("w", [4] * 7)})
    assert cells == {("rest:org", "a"), ("rest:org", "b"), ("rest:org", "d"), ("c", "c")}
    assert {rows[unit]["status"] for unit in ("x", "y", "rest:x", "rest:y")} == {"withheld"}
    assert rows["w"]["n"] == 40
    assert rows["acme"]["n"] == 90  # 40, and 12 + 8 + 28 = 48 -> 50


def weekly(blocks):
    """The same company, each period a week of the blocks that begin every four weeks."""
    return [
        replace(
            block,
            start=START + dt.timedelta(weeks=at),
            end=START + dt.timedelta(weeks=at + 1, days=-1),
            block=START + dt.timedelta(weeks=4 * (at // 4)),
        )
        for at, block in enumerate(blocks)
    ]


def test_weeks_age_and_remember_by_blocks():
    def cells_at(week):
        return last(weekly(company({"a": [4] * 6}, blocks=week + 1)))[1]

    assert cells_at(7) == set()  # the second block
    assert cells_at(8) == {("a", "a")}  # the first week of the third
    quiet = company({"a": [4] * 6}, blocks=9)
    for at in range(4, 8):
        quiet[at] = replace(quiet[at], did={})
    assert last(weekly(quiet))[1] == {("a", "a")}  # the block before the last was quiet; the one before that was not
    idle = [replace(block, did={}) if at < 8 else block for at, block in enumerate(company({"a": [4] * 6}, blocks=12))]
    assert last(weekly(idle))[1] == set()  # weeks of the same block are no past


def test_the_least_base_of_weeks_is_five():
    past = company({"a": [1] * 13}, blocks=5)
    assert constants(past, "n", 2026) == Constants(Fraction(1), 10)
    assert constants(weekly(past), "n", 2026) == Constants(Fraction(1), 5)
    assert constants(weekly(company({"a": [6] * 13}, blocks=5)), "n", 2026) == Constants(Fraction(63, 10), 10)


def test_a_rate_beside_shares_is_unchanged():
    table = Table("t", ("n",), (Timing("m", "rate", ("author",)),), STAGES, "other_pct")
    events = {"a": [Event({"author": f"a{i % 6}"}, None, i < 12) for i in range(24)]}
    row = last(company({"a": [4] * 6}, events=events), table)[0]["a"]
    assert (row["m"], row["code_pct"], row["other_pct"]) == (50, None, None)
