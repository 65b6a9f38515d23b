"""A policy may be stricter than its floors, never laxer, and a mistake in it is named without its value."""

from dataclasses import fields

import pytest

from expectations.policy import FLOORS, Policy, PolicyError


def test_the_defaults_keep_every_floor():
    assert Policy().broken() == ()
    assert Policy.from_mapping({}) == Policy()


def test_every_threshold_has_a_floor():
    assert set(FLOORS) == {field.name for field in fields(Policy)}


def test_a_misspelt_key_is_answered_with_the_nearest_valid_one():
    with pytest.raises(PolicyError, match="'roster_margin'"):
        Policy.from_mapping({"roster_margn": 2})


@pytest.mark.parametrize(
    ("key", "value"),
    [("k", 2), ("k", 1), ("roster_margin", 0), ("dominance", 0.7), ("p_percent", 0.05), ("rate_side", 3), ("base", 5)],
)
def test_below_a_floor_it_is_refused_with_the_floor(key, value):
    with pytest.raises(PolicyError, match=f"policy.{key}: must lie between"):
        Policy.from_mapping({key: value})


@pytest.mark.parametrize("value", ["5", True, None, 5.5])
def test_what_is_no_whole_number_is_refused(value):
    with pytest.raises(PolicyError, match=r"policy\.k: must be a whole number"):
        Policy.from_mapping({"k": value})


def test_dominance_above_the_reach_of_the_p_percent_rule_is_refused():
    with pytest.raises(PolicyError, match="dominance"):
        Policy.from_mapping({"dominance": 0.6, "p_percent": 0.7})


def test_another_period_length_is_refused():
    with pytest.raises(PolicyError, match="four_weeks"):
        Policy.from_mapping({}, period="month")


def test_not_a_number_is_no_threshold():
    assert "dominance" in Policy(dominance=float("nan")).broken()
    assert "k" in Policy(k=None).broken()


def test_the_fingerprint_tells_every_change():
    prints = {Policy().fingerprint, Policy(k=6).fingerprint, Policy(p_percent=0.25).fingerprint}
    assert len(prints) == 3
