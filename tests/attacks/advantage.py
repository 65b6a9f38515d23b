"""A score that a bare guess cannot win: advantage = (attack - control) / (1 - control), with Wilson bounds.

The control has everything but the release's detail: what a reader would say of anybody. Attack and control are tried
on the same targets, so that the bounds are those of the attack's share of hits (Wilson 1927, two-sided 95 %) against
the control's.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

Z = 1.96
WITHIN = 0.1


@dataclass(frozen=True)
class Advantage:
    """Hits of an attack and of the best guess, on the same targets."""

    hits: int
    guesses: int
    tries: int

    @property
    def value(self) -> float:
        return self._over_control(self.hits / self.tries)

    @property
    def bounds(self) -> tuple[float, float]:
        low, high = wilson(self.hits, self.tries)
        return self._over_control(low), self._over_control(high)

    def _over_control(self, share: float) -> float:
        control = self.guesses / self.tries
        return (share - control) / (1 - control) if control < 1 else 0.0

    def __str__(self) -> str:
        low, high = self.bounds
        rates = f"{self.hits / self.tries:.1%} against {self.guesses / self.tries:.1%} by guessing"
        return f"{self.value:+.3f} ({low:+.3f} to {high:+.3f}): {rates}, {self.tries} targets"


def wilson(hits: int, tries: int) -> tuple[float, float]:
    """The Wilson interval of a share."""
    share, square = hits / tries, Z * Z / tries
    centre, half = share + square / 2, Z * sqrt(share * (1 - share) / tries + square / tries / 4)
    return (centre - half) / (1 + square), (centre + half) / (1 + square)


@dataclass(frozen=True)
class Try:
    """One person's amount: the truth, what the attack says, and what guesses of several kinds say."""

    truth: float
    said: float
    guessed: Mapping[str, float]


def advantage(tries: Iterable[Try]) -> Advantage:
    """Within 10 % is a hit; the control is the kind of guess that is right most often."""
    listed = [one for one in tries if one.truth > 0]
    kinds = sorted({kind for one in listed for kind in one.guessed})
    best = max(sum(near(one.guessed[kind], one.truth) for one in listed) for kind in kinds)
    return Advantage(sum(near(one.said, one.truth) for one in listed), best, len(listed))


def near(said: float, truth: float) -> bool:
    """Whether a number is right within 10 %."""
    return abs(said - truth) <= WITHIN * truth
