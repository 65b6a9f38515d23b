"""Clips, bases, hours and lines stand on public round numbers, and no tie is decided by a float."""

import math

import pytest

from expectations.ladder import base_for, clip_hundredths, rungs


@pytest.mark.parametrize(
    ("quantile", "clip"), [(1, 100), (2, 200), (6, 630), (7, 800), (9, 1000), (11, 1250), (631, 80000), (1000, 100000)]
)
def test_a_clip_is_snapped_up(quantile, clip):
    assert clip_hundredths(quantile) == clip


@pytest.mark.parametrize(("quantile", "base"), [(1, 10), (10, 10), (11, 25), (26, 50), (51, 100), (600, 1000)])
def test_a_base_covers_the_quantile(quantile, base):
    assert base_for(quantile, 10) == base


def test_a_larger_base_of_the_policy_holds():
    assert base_for(3, 25) == 25


@pytest.mark.parametrize(("unit", "size", "lowest", "steps"), [("hours", 3600, 0.1, 51), ("lines", 1, 1.0, 41)])
def test_a_step_changes_at_the_geometric_mean_of_neighbours(unit, size, lowest, steps):
    found = rungs(unit)
    assert (found[0], found[-1][1], len(found)) == ((0, lowest), 10000.0, steps)
    for (_, low), (start, high) in zip(found, found[1:], strict=False):
        middle = size * math.sqrt(low * high)
        assert start - 1 < middle <= start
