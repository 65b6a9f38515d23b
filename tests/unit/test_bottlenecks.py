"""One stage or none: what takes longer than usual, and more of the whole, and stays so; not size, nor one bad time."""

from expectations.bottlenecks import NONE, Period, held_up

STEADY = Period({"coding": 60, "review": 15, "merge_wait": 10}, 20.0)
SLOW = Period({"coding": 45, "review": 30, "merge_wait": 10}, 25.0)


def test_a_stage_that_rises_and_stays_is_named_in_its_second_clear_period():
    told = held_up([STEADY] * 13 + [SLOW] * 4)
    assert told[:8] == [None] * 8  # six periods tell what is usual, three what is recent, and all that a period ago
    assert told[9:13] == [NONE] * 4
    assert told[13:] == [NONE, "review", "review", "review"]


def test_the_largest_stage_is_none_as_long_as_it_is_usual():
    assert set(held_up([STEADY] * 20)[9:]) == {NONE}


def test_one_bad_period_is_no_bottleneck():
    bad = Period(STEADY.shares | {"review": 25}, 20.0)
    assert set(held_up([STEADY] * 13 + [bad] + [STEADY] * 4)[9:]) == {NONE}


def test_rounding_alone_is_no_news():
    swinging = [
        Period({"coding": 60, "review": 15, "merge_wait": 10}, 20.0)
        if at % 2
        else Period({"coding": 55, "review": 20, "merge_wait": 10}, 25.0)
        for at in range(20)
    ]
    assert set(held_up(swinging)[9:]) == {NONE}


def test_a_stage_that_takes_most_of_the_cycle_is_told_by_its_hours():
    longer = Period({"coding": 65, "review": 15, "merge_wait": 10}, 40.0)
    assert held_up([STEADY] * 13 + [longer] * 4)[-1] == "coding"


def test_neither_a_larger_share_of_fewer_hours_nor_more_hours_of_the_same_share_is_a_bottleneck():
    faster = Period({"coding": 40, "review": 25, "merge_wait": 15}, 10.0)
    slower = Period(STEADY.shares, 80.0)
    assert held_up([STEADY] * 13 + [faster] * 4)[-1] == NONE
    assert held_up([STEADY] * 13 + [slower] * 4)[-1] == NONE


def test_what_is_not_shown_cannot_be_told():
    hidden = Period(dict.fromkeys(STEADY.shares), 20.0)
    assert held_up([hidden] * 20) == [None] * 20
    assert held_up([STEADY] * 13 + [SLOW] * 3 + [hidden])[-1] is None
    assert held_up([STEADY] * 13 + [SLOW] * 3 + [Period(SLOW.shares, None)])[-1] is None


def test_of_two_the_one_that_rose_more_is_named():
    both = Period({"coding": 40, "review": 35, "merge_wait": 20}, 25.0)
    assert held_up([STEADY] * 13 + [both] * 4)[-1] == "review"
