"""The policy: every threshold with its meaning and its floor, and one fingerprint for all of them.

A deployment may be stricter than a floor, never laxer. `Policy.from_mapping` refuses what is misspelt (naming the
nearest valid key) and what lies below a floor; the constructor does not, so that the gate can judge and refuse a
policy that reached it by another way.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from difflib import get_close_matches
from math import isfinite
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

PERIODS = ("four_weeks", "week")
WORDS = ("period", "time_zone")
"""What a policy says in words, not in numbers."""
LEAST_BASE = {"four_weeks": 10, "week": 5}
"""The smallest rounding base by the period's length, and the default."""


class PolicyError(ValueError):
    """A policy that is misspelt or below a floor; the message names the key and the floor, never more."""


@dataclass(frozen=True, slots=True)
class Policy:
    """Thresholds of disclosure control; the defaults are the ones that the documents argue for."""

    k: int = 5
    roster_margin: int = 1
    dominance: float = 0.5
    p_percent: float = 0.2
    history_blocks: int = 6
    settle_days: int = 7
    age_blocks: int = 3
    base: int = 10
    change_clip: int = 1000
    clip_quantile: float = 0.75
    clip_person_periods: int = 50
    percentile_events: int = 10
    p75_events: int = 20
    p90_events: int = 50
    percentile_side: int = 3
    rate_events: int = 20
    rate_side: int = 4
    rate_step: int = 5
    period: str = "four_weeks"
    time_zone: str = "UTC"

    @classmethod
    def from_mapping(cls, given: Mapping[str, Any], period: str = "four_weeks", time_zone: str = "UTC") -> "Policy":
        """A policy from the keys of a configuration; refused when a key is unknown or a floor is broken."""
        known = {field.name: field.type for field in fields(cls) if field.name not in WORDS}
        for key in given:
            if key not in known:
                near = get_close_matches(str(key), known, n=1, cutoff=0.0)
                raise PolicyError(f"policy: there is no such key; the nearest valid one is '{near[0]}'")
        for key, value in given.items():
            if isinstance(value, bool) or not isinstance(value, int if known[key] is int else (int, float)):
                raise PolicyError(f"policy.{key}: must be a {'whole ' if known[key] is int else ''}number")
        policy = cls(**{"base": LEAST_BASE.get(period, 10)} | dict(given), period=period, time_zone=time_zone)
        for key in policy.broken():
            raise PolicyError(f"policy.{key}: {FLOORS[key].says}")
        return policy

    def broken(self) -> tuple[str, ...]:
        """The keys that lie below their floor; none in a policy that may publish."""
        return tuple(key for key, floor in FLOORS.items() if not floor.holds(self))

    @property
    def is_numeric(self) -> bool:
        """Whether every threshold is a number that can be counted with."""
        values = [getattr(self, field.name) for field in fields(self) if field.name not in WORDS]
        return all(_is_number(value) and isfinite(value) for value in values)

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the canonical JSON of every threshold, of the period's length and of the time zone."""
        text = json.dumps(asdict(self), sort_keys=True, separators=(",", ":"))
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Floor:
    """How far one threshold may be moved: from `least` to `most`, both allowed."""

    key: str
    least: float
    most: float

    @property
    def says(self) -> str:
        """The floor in words, for an error message."""
        if self.key == "period":
            return f"must be one of {', '.join(PERIODS)}"
        if self.key == "time_zone":
            return "must be a time zone, as Europe/Berlin or UTC"
        where = " (10 where periods have four weeks)" if self.key == "base" else ""
        return f"must lie between {self.least:g}{where} and {self.most:g}"

    def holds(self, policy: Policy) -> bool:
        """Whether the policy keeps this floor; what is no number keeps none."""
        value = getattr(policy, self.key)
        if self.key == "period":
            return value in PERIODS
        if self.key == "time_zone":
            return is_zone(value)
        return _is_number(value) and self.least <= value <= self.most and self._holds_beside(policy, value)

    def _holds_beside(self, policy: Policy, value: float) -> bool:
        """What hangs on another threshold."""
        if self.key == "dominance":
            return value <= _cap(policy)
        return self.key != "base" or value >= LEAST_BASE.get(policy.period, 10)


def _cap(policy: Policy) -> float:
    """Dominance may not exceed 1 / (1 + p): above it the p% rule would pass what dominance is there to stop."""
    return 1 / (1 + policy.p_percent) if _is_number(policy.p_percent) and policy.p_percent > 0 else 0


def is_zone(value: object) -> bool:
    """Whether this names a time zone."""
    try:
        return isinstance(value, str) and bool(ZoneInfo(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


FLOORS = {
    floor.key: floor
    for floor in (
        Floor("k", 3, 100),
        Floor("roster_margin", 1, 100),
        Floor("p_percent", 0.1, 1),
        Floor("dominance", 0.1, 0.6),
        Floor("history_blocks", 1, 13),
        Floor("settle_days", 1, 365),
        Floor("age_blocks", 2, 13),
        Floor("base", 5, 10_000),
        Floor("change_clip", 1, 1000),
        Floor("clip_quantile", 0.5, 0.75),
        Floor("clip_person_periods", 50, 100_000),
        Floor("percentile_events", 10, 100_000),
        Floor("p75_events", 20, 100_000),
        Floor("p90_events", 50, 100_000),
        Floor("percentile_side", 3, 1000),
        Floor("rate_events", 20, 100_000),
        Floor("rate_side", 4, 1000),
        Floor("rate_step", 5, 25),
        Floor("period", 0, 0),
        Floor("time_zone", 0, 0),
    )
}
