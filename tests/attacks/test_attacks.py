"""Every attack of the catalogue on what the models make: it must learn nothing."""

import pytest

from tests.attacks.laboratory import publish
from tests.attacks.mounted import ATTACKS

FAST = {  # one of each kind; the others run in make test-all
    *("a_small_cell", "a_zero_cell", "one_who_dominates", "two_who_collude", "everybody_worked", "another_quantity"),
    *("parent_minus_children", "a_percentile_of_few", "a_rate_of_nine_changes", "a_rate_of_two", "rounding_reversed"),
    *("one_reviewer_for_all", "a_withheld_median_from_above", "the_order_of_rows", "work_that_comes_late"),
}


def _slow(name):
    return [] if name in FAST else [pytest.mark.slow]


@pytest.mark.parametrize("name", [pytest.param(name, marks=_slow(name)) for name in sorted(ATTACKS)])
def test_the_attack_learns_nothing(name):
    assert list(ATTACKS[name].mount(publish)) == []


def test_the_fast_ones_are_in_the_catalogue():
    assert set(ATTACKS) >= FAST
