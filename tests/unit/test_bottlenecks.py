"""One stage or none: what rises above a team's own usual and stays is named; size alone, or one bad period, is not."""

from expectations.bottlenecks import NONE, held_up

STEADY = {"coding": 60, "review": 15, "merge_wait": 10}
SLOW = STEADY | {"coding": 45, "review": 30}


def test_a_stage_that_rises_and_stays_is_named_in_its_second_clear_period():
    told = held_up([STEADY] * 13 + [SLOW] * 4)
    assert told[:8] == [None] * 8  # six periods tell what is usual, three what is recent, and all that a period ago
    assert told[9:13] == [NONE] * 4
    assert told[13:] == [NONE, "review", "review", "review"]


def test_the_largest_stage_is_none_as_long_as_it_is_usual():
    assert set(held_up([STEADY] * 20)[9:]) == {NONE}


def test_one_bad_period_is_no_bottleneck():
    assert set(held_up([STEADY] * 13 + [STEADY | {"review": 20}] + [STEADY] * 4)[9:]) == {NONE}


def test_rounding_alone_is_no_news():
    swinging = [STEADY | {"review": 15 if at % 2 else 20, "coding": 60 if at % 2 else 55} for at in range(20)]
    assert set(held_up(swinging)[9:]) == {NONE}


def test_what_is_not_shown_cannot_be_told():
    hidden = [dict.fromkeys(STEADY)] * 20
    assert held_up(hidden) == [None] * 20
    assert held_up([STEADY] * 13 + [SLOW] * 3 + hidden[:1])[-1] is None


def test_of_two_the_larger_and_clearer_is_named():
    both = {"coding": 40, "review": 35, "merge_wait": 20}
    assert held_up([STEADY] * 13 + [both] * 4)[-1] == "review"
