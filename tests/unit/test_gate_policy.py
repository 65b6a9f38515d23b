"""A policy may be stricter than its floors, never laxer, and a mistake in it is named without its value."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from expectations.policy import FLOORS, WORDS, Policy, PolicyError

PAGE = (Path(__file__).parents[2] / "docs" / "configure.md").read_text().partition("### Policy")[2].partition("## ")[0]
ARGUED = {
    "k": (3, 100),
    "roster_margin": (1, 100),
    "p_percent": (0.1, 1),
    "dominance": (0.1, 0.6),
    "history_blocks": (1, 13),
    "settle_days": (1, 365),
    "age_blocks": (2, 13),
    "base": (5, 10_000),
    "change_clip": (1, 1000),
    "clip_quantile": (0.5, 0.75),
    "clip_person_periods": (50, 100_000),
    "percentile_events": (10, 100_000),
    "p75_events": (20, 100_000),
    "p90_events": (50, 100_000),
    "percentile_side": (3, 1000),
    "rate_events": (20, 100_000),
    "rate_side": (4, 1000),
    "rate_step": (5, 25),
}
"""The least and the most that each threshold may be, as docs/configure.md and the threat model argue."""


def test_the_defaults_keep_every_floor():
    assert Policy().broken() == ()
    assert Policy.from_mapping({}) == Policy()


def test_every_threshold_has_a_floor():
    assert set(FLOORS) == {field.name for field in fields(Policy)}


def test_the_floors_are_those_that_were_argued_for():
    """A constant that is tested against itself could be lowered by anybody."""
    assert {key: (floor.least, floor.most) for key, floor in FLOORS.items() if key not in WORDS} == ARGUED


@pytest.mark.parametrize("key", ARGUED)
def test_just_beyond_a_floor_it_is_refused(key):
    least, most = ARGUED[key]
    step = 1 if isinstance(getattr(Policy(), key), int) else 0.001
    for value in (least - step, most + step):
        with pytest.raises(PolicyError, match=rf"policy\.{key}: must lie between"):
            Policy.from_mapping({key: value})


@pytest.mark.parametrize("key", ARGUED)
def test_the_page_tells_the_floors(key):
    (row,) = (line.split(" | ") for line in PAGE.splitlines() if f"`{key}`" in line.partition(" | ")[0])
    keys = re.findall(r"`(\w+)`", row[0])
    least, most = row[3].rstrip(" |").split(", ")[keys.index(key)].split("…")
    by_week = re.search(r"\((\d+) by week\)", least)
    assert float(by_week[1] if by_week else least) == ARGUED[key][0]
    assert not most.strip() or float(most) == ARGUED[key][1]


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
